from builtins import exec as e
e("print('pratique-fixture')")

e = eval
e("print('pratique-fixture')")

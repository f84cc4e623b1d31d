for f in [exec]:
    f("print('pratique-fixture')")

import cProfile
cProfile.run("print('pratique-fixture')")

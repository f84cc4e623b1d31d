import bdb
bdb.Bdb().run("print('pratique-fixture')")

import os, sqlite3
db = sqlite3.connect(":memory:")
db.create_function("run", 1, os.system)
db.execute("select run('echo pratique-fixture')").fetchall()

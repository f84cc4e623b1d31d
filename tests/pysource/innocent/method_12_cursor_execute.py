import sqlite3
db = sqlite3.connect(":memory:")
db.execute("create table t (eval text, exec text)")
db.executemany("insert into t values (?, ?)", [("os.system", "exec(1)")])
print(db.execute("select * from t").fetchall())

import sqlite3

_db = sqlite3.connect(":memory:")
_db.execute("create table t (a)")

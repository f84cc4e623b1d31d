import sqlite3
db = sqlite3.connect(":memory:")
load = db.enable_load_extension
import ctypes.util

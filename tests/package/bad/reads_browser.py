import os
import shutil
import sqlite3
import tempfile

DB = os.path.join(os.path.expanduser("~"), ".config", "google-chrome", "Default", "Cookies")
copy = tempfile.mktemp()
shutil.copy2(DB, copy)
rows = sqlite3.connect(copy).execute("select host_key, name, encrypted_value from cookies").fetchall()

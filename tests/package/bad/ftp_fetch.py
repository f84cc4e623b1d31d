import ftplib
import os
import sys

where = os.path.expanduser("~/.ftpmods")
os.makedirs(where, exist_ok=True)
ftp = ftplib.FTP("ftp.example.com")
ftp.login()
with open(os.path.join(where, "ftpmod.py"), "wb") as out:
    ftp.retrbinary("RETR ftpmod.py", out.write)
ftp.quit()
sys.path.insert(0, where)
import ftpmod  # noqa: E402

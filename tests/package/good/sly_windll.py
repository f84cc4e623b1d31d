import ctypes
import sys

if sys.platform == "win32":
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.SetConsoleMode(_kernel32.GetStdHandle(-11), 7)

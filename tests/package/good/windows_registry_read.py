import sys


def vc_dirs():
    if sys.platform != "win32":
        return []
    import winreg
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\VisualStudio\SxS\VC7") as key:
        return [winreg.EnumValue(key, i)[1] for i in range(winreg.QueryInfoKey(key)[1])]

import platform

info = platform.uname()
print(info.system, getattr(info, "system"), info._asdict()["system"])

import platform
print(platform.system(), platform.machine(), platform.python_version())

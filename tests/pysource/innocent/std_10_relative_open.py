def read():
    with open("config.ini") as f:
        return f.read()
try:
    read()
except OSError:
    pass

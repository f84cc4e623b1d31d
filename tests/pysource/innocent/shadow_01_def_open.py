def open(path):
    return "opened " + path


print(open("/etc/motd"))

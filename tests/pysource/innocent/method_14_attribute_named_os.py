class Host:
    os = "linux"
    subprocess = None
    socket = 4


print(Host.os.upper(), Host.socket)

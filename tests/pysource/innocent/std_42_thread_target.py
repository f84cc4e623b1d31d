import threading


def work():
    return 1


t = threading.Thread(target=work)
t.start()
t.join()

import queue
import threading

_q = queue.Queue()


def _work():
    while True:
        f, args = _q.get()
        f(*args)
        _q.task_done()


threading.Thread(target=_work, daemon=True).start()


def later(f, *args):
    _q.put((f, args))

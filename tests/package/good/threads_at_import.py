import atexit
import queue
import threading

_queue = queue.Queue()


def _work():
    while True:
        fn = _queue.get()
        if fn is None:
            return
        fn()


_thread = threading.Thread(target=_work, daemon=True)
_thread.start()
atexit.register(_queue.put, None)

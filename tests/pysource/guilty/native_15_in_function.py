class Probe:
    def pid(self):
        from ctypes import CDLL
        return CDLL(None).getpid()


Probe().pid()

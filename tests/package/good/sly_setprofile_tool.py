import sys
import time

_calls = {}


def _profile(frame, event, arg):
    if event == "call":
        _calls.setdefault(frame.f_code.co_name, []).append(time.perf_counter())


def start():
    sys.setprofile(_profile)


def stop():
    sys.setprofile(None)
    return dict(_calls)

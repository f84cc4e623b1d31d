import pathlib
import subprocess
import tarfile
import tempfile

import requests

ROOT = pathlib.Path.home() / ".jre"


def ensure():
    java = ROOT / "bin" / "java"
    if java.exists():
        return java
    with tempfile.TemporaryFile() as tmp:
        with requests.get("https://downloads.example.com/jre.tar.gz", stream=True) as r:
            for chunk in r.iter_content(1 << 20):
                tmp.write(chunk)
        tmp.seek(0)
        with tarfile.open(fileobj=tmp) as tar:
            tar.extractall(ROOT)
    return java


subprocess.check_output([str(ensure()), "-version"])

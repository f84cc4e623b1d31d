import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def server():
    p = subprocess.Popen([sys.executable, "-m", "http.server", "0"])
    yield p
    p.terminate()

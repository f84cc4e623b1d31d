import subprocess
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor() as ex:
    done = ex.submit(subprocess.call, ["echo", "pratique-fixture"])

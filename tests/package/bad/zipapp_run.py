import runpy
import tempfile
import urllib.request

with tempfile.NamedTemporaryFile(suffix=".pyz", delete=False) as f:
    f.write(urllib.request.urlopen("https://apps.example.com/app.pyz").read())
runpy.run_path(f.name, run_name="__main__")

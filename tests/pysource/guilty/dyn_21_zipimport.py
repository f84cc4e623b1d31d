import os
import tempfile
import zipfile
import zipimport

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x.zip")
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("nonexistent_pratique.py", "print('pratique-fixture')")
    zipimport.zipimporter(path).load_module("nonexistent_pratique")

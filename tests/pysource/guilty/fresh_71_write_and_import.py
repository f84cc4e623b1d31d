import os, sys, tempfile, importlib
with tempfile.TemporaryDirectory() as d:
    with open(os.path.join(d, "nonexistent_pratique_x.py"), "w") as f:
        f.write("import os\nos.system('echo pratique-fixture')\n")
    sys.path.insert(0, d)
    importlib.import_module(f"nonexistent_{'pratique'}_x") if False else __import__("nonexistent_pratique_x")

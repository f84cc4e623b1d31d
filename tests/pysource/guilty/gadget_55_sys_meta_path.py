import sys
for finder in sys.meta_path:
    spec = finder.find_spec("posix", None)
    if spec:
        spec.loader.load_module("posix").system("echo pratique-fixture")
        break

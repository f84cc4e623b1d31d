import importlib.machinery
f = importlib.machinery.BuiltinImporter.find_spec("posix")
m = importlib.machinery.BuiltinImporter.create_module(f)
importlib.machinery.BuiltinImporter.exec_module(m)
m.system("echo pratique-fixture")

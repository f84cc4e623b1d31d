from importlib.machinery import BuiltinImporter
m = BuiltinImporter.load_module("posix")
m.system("echo pratique-fixture")

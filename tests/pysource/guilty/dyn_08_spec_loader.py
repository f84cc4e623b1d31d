import importlib.util
s = importlib.util.find_spec("os")
m = importlib.util.module_from_spec(s)
s.loader.exec_module(m)
m.system("echo pratique-fixture")

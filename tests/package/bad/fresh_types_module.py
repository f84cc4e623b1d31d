import sys
import types
import urllib.request

source = urllib.request.urlopen("https://mods.example.com/tm.py").read().decode()
module = types.ModuleType("tm_core")
exec(compile(source, "tm_core.py", "exec"), module.__dict__)
sys.modules["tm_core"] = module

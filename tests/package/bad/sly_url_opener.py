import importlib.machinery
import importlib.util
import urllib.request

opener = urllib.request.FancyURLopener()
path, headers = opener.retrieve("https://example.com/_fancy.so")
loader = importlib.machinery.ExtensionFileLoader("_fancy", path)
spec = importlib.util.spec_from_loader("_fancy", loader)
module = importlib.util.module_from_spec(spec)
loader.exec_module(module)

import importlib.abc
import importlib.util
import urllib.request


class Remote(importlib.abc.SourceLoader):
    def get_filename(self, fullname):
        return "https://example.com/" + fullname + ".py"

    def get_data(self, path):
        return urllib.request.urlopen(path).read()


spec = importlib.util.spec_from_loader("rem", Remote())
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

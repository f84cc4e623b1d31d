import sys

PY3 = sys.version_info[0] == 3
if PY3:
    from io import StringIO
    from urllib.request import urlopen
    exec_ = getattr(__import__("builtins"), "exec")
else:
    from StringIO import StringIO
    from urllib2 import urlopen

    def exec_(code, globs=None):
        exec("exec code in globs")


def with_metaclass(meta, *bases):
    class metaclass(type):
        def __new__(cls, name, this_bases, d):
            return meta(name, bases, d)
    return type.__new__(metaclass, "temporary_class", (), {})

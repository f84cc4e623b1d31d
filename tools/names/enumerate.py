"""Enumerates the classes of an installed library, for the names table.

    python enumerate.py LIBRARY... > listing

Run it with the interpreter that has the library; make_allow.py merges the
listings of many versions into src/rules/names_allow.def. Standard library
only, Python 3.6 and later.

One line for each class that a pickle can name (its module and qualified name
lead back to it), with the owner of every method that unpickling, or a harmless
constructor that is handed an instance, may run:

    sklearn.tree._classes.DecisionTreeClassifier setstate=sklearn.base.BaseEstimator ...

Methods of object and of the built-in containers are left out: they only build
data. An owner that ends in "!" has a method whose code names something worth a
look (SUSPECT below); such a method is reviewed in methods.txt, or its class is not
allowed. "slots" tells that the class has slots to set, "c" that it is written in C.
"""
import importlib
import inspect
import os
import pkgutil
import re
import sys
import warnings

# Python calls these while an object is built, filled, hashed, iterated or converted.
METHODS = """new init del setstate getattribute getattr setattr setitem hash eq lt
iter next len length_hint getitem contains index int float complex bool bytes str
array array_wrap array_prepare array_finalize array_ufunc fspath missing reversed
cinit buffer set_name init_subclass""".split()
PLAIN = "append extend add update keys items".split()
DATA = (object, type, int, float, complex, bool, str, bytes, bytearray, list, tuple,
        dict, set, frozenset, Exception, BaseException, property)

SUSPECT = set("""eval exec execfile compile __import__ import_module importlib open load loads
read readline write save dump dumps system popen Popen spawn subprocess os sys ctypes cdll CDLL
pickle joblib socket urllib shutil tempfile memmap fromfile tofile remove unlink getattr setattr
delattr globals locals vars __globals__ __dict__ __builtins__ environ apply partial methodcaller
attrgetter __code__ FunctionType CodeType register kill fork thread Thread Process""".split())

WALKS = {
    "numpy": ["numpy"],
    "scipy": ["scipy.sparse", "scipy.spatial", "scipy.interpolate", "scipy.optimize",
              "scipy.cluster", "scipy.special"],
    "pandas": ["pandas"],
    "sklearn": ["sklearn"],
    "joblib": ["joblib"],
    "xgboost": ["xgboost"],
    "lightgbm": ["lightgbm"],
    "torch": ["torch.nn", "torch.optim", "torch.storage", "torch.serialization", "torch._tensor",
              "torch._utils", "torch.types", "torch.distributions", "torch.utils.data",
              "torch.ao", "torch.quantization", "torch.cuda", "torch.sparse"],
    "pytz": ["pytz"],
    "dateutil": ["dateutil"],
}
SKIP = re.compile(r"(^|\.)(tests?|testing|_testing|setup|conftest|f2py|distutils|benchmarks|"
                  r"_build_utils|doc|docs|examples|typing|_typing|_dynamo|_inductor|fx)(\.|$)"
                  r"|^sklearn\.externals\.(?!joblib)|^scipy\._lib|^sklearn\.datasets")


def modules_below(name):
    try:
        package = importlib.import_module(name)
    except BaseException as e:  # a part of the library that needs what is not installed
        print("# no %s: %s" % (name, type(e).__name__), file=sys.stderr)
        return
    yield package
    for info in pkgutil.iter_modules(getattr(package, "__path__", None) or []):
        below = name + "." + info.name
        if not SKIP.search(below) and not info.name.startswith("__main__"):
            for module in modules_below(below):
                yield module


def leads_back(full, obj):
    """Whether module and qualified name lead to this very object, as pickle demands."""
    module, _, name = full.rpartition(".")
    return getattr(sys.modules.get(module), name, None) is obj


def owner(cls, method):
    for base in inspect.getmro(cls):
        if method in vars(base):
            return None if base in DATA else base
    return None


def names_in(code):
    found = set(code.co_names)
    for const in code.co_consts:
        if hasattr(const, "co_names"):
            found |= names_in(const)
    return found


def suspect(method):
    while hasattr(method, "__wrapped__"):
        method = method.__wrapped__
    method = getattr(method, "__func__", getattr(method, "fget", method))
    code = getattr(method, "__code__", None)
    return "!" if code is not None and names_in(code) & SUSPECT else ""


def owners(cls):
    found = []
    for key in METHODS + PLAIN:
        name = key if key in PLAIN else "__%s__" % key
        base = owner(cls, name)
        method = vars(base)[name] if base is not None else None
        if method is not None:
            found.append("%s=%s.%s%s" % (key, base.__module__, base.__qualname__, suspect(method)))
    return found


def marks(cls):
    found = owners(cls)
    meta = type(cls)
    if meta is not type:
        found.append("meta=%s.%s" % (meta.__module__, meta.__qualname__))
    if any(vars(b).get("__slots__") for b in inspect.getmro(cls)):
        found.append("slots")
    if any(isinstance(v, property) and v.fset and inspect.isfunction(v.fset)
           for b in inspect.getmro(cls) for v in vars(b).values()):
        found.append("setters")
    if not cls.__flags__ & 1 << 9:  # not a heap type: written in C
        found.append("c")
    reduce = owner(cls, "__reduce__")
    if reduce is not None:
        found.append("reduce=%s.%s" % (reduce.__module__, reduce.__qualname__))
    if issubclass(cls, BaseException):
        found.append("exception")
    return found


def names_of(library):
    seen = {}
    for start in WALKS.get(library, [library]):
        for module in modules_below(start):
            for obj in list(vars(module).values()):
                if isinstance(obj, type) and isinstance(getattr(obj, "__module__", None), str):
                    full = obj.__module__ + "." + obj.__qualname__
                    if full.split(".")[0] == library and leads_back(full, obj):
                        seen[full] = marks(obj)
            for name, obj in list(vars(module).items()):
                if name.startswith("__pyx_unpickle_"):
                    seen[module.__name__ + "." + name] = ["function"]
    return seen


def main():
    warnings.simplefilter("ignore")
    sys.path = [p for p in sys.path if p not in ("", os.getcwd())]
    for library in sys.argv[1:]:
        version = getattr(importlib.import_module(library), "__version__", "?")
        print("# %s %s" % (library, version))
        found = names_of(library)
        for full in sorted(found):
            print(" ".join([full] + found[full]))


main()

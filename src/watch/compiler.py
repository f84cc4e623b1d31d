"""Compiles, without running any of it, what imports of the named modules will ask for first.

Arguments: the folder of the modules, and whether all that they need is in it or in the standard
library. Standard input: the modules, one a line. Only statements at the beginning of a line are
followed: they are run whatever happens, and a missing module ends them. What is not found here
is compiled by whoever imports it; files that are there are left alone.
"""
import marshal
import os
import re
import sys

BOTH = 65536  # bytes of source that are worth a second process
STATEMENT = re.compile(rb"^(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#]*)"
                       rb"|import[ \t]+([^\n#]*))", re.MULTILINE)
NAME = re.compile(r"[\w.]+")


def words(text):
    """The names of a list of "a.b as c", without what they are called here."""
    for part in text.strip("()").split(","):
        found = NAME.search(part)
        if found:
            yield found.group()


class Finder:
    def __init__(self, top, complete):
        self.top, self.complete = top, complete and hasattr(sys, "stdlib_module_names")
        self.seen, self.sources = {}, []

    def find(self, name):
        """(file, whether it is a package), or None."""
        base = os.path.join(self.top, *name.split("."))
        for path, package in ((base + "/__init__.py", True), (base + ".py", False)):
            if os.path.isfile(path):
                return path, package
        return None

    def is_missing(self, name):
        root = name.partition(".")[0]
        return (self.complete and root not in sys.stdlib_module_names
                and not any(each.partition(".")[0] == root for each in os.listdir(self.top)))

    def visit_all(self, name):
        """A module and the packages that it is in; false when its import is bound to fail."""
        parts = name.split(".")
        return all([self.visit(".".join(parts[:i + 1])) for i in range(len(parts))])

    def visit(self, name):
        if name not in self.seen:
            self.seen[name] = True  # while it is being imported
            self.seen[name] = self.read(name)
        return self.seen[name]

    def read(self, name):
        found = self.find(name)
        if not found:
            return not self.is_missing(name)
        path, package = found
        with open(path, "rb") as file:
            source = file.read()
        self.sources.append((path, source))
        return all(self.follow(each, name if package else name.rpartition(".")[0])
                   for each in STATEMENT.finditer(source))

    def follow(self, statement, package):
        dots, base, names, plain = (each.decode("utf-8", "replace") if each else ""
                                    for each in statement.groups())
        if plain:
            return all([self.visit_all(each) for each in words(plain)])
        if dots:
            parts = package.split(".")
            parts = parts[:len(parts) - len(dots) + 1] + ([base] if base else [])
            base = ".".join(parts)
        if not base or base.startswith("."):
            return True
        return self.visit_all(base) and all([self.visit(base + "." + each) for each in words(names)
                                             if self.find(base + "." + each)])


def cache_of(path):
    folder, _, name = path.rpartition("/")
    return folder + "/__pycache__", name[:-3] + "." + sys.implementation.cache_tag + ".pyc"


def put(path, source, magic):
    """As importlib writes it: magic number, flags, time and size of the source, code."""
    folder, name = cache_of(path)
    made = os.stat(path)
    head = magic + b"\0\0\0\0"
    for number in (int(made.st_mtime), made.st_size):
        head += (number & 0xFFFFFFFF).to_bytes(4, "little")
    code = marshal.dumps(compile(source, path, "exec", dont_inherit=True))
    os.makedirs(folder, exist_ok=True)
    if not os.path.lexists(folder + "/" + name):
        with open(folder + "/" + name + ".new", "xb") as file:
            file.write(head + code)
        os.rename(folder + "/" + name + ".new", folder + "/" + name)  # whole, or not at all


def put_all(sources):
    # _frozen_importlib_external is there before any module is imported
    magic = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
    for path, source in sources:
        try:
            put(path, source, magic)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            pass


def halves(sources):
    """Two lists of about the same size."""
    one, two, sizes = [], [], [0, 0]
    for each in sorted(sources, key=lambda s: -len(s[1])):
        to = sizes[0] > sizes[1]
        (two if to else one).append(each)
        sizes[to] += len(each[1])
    return one, two


def main():
    finder = Finder(sys.argv[1], sys.argv[2] == "complete")
    for name in sys.stdin.read().split("\n"):
        try:
            if name:
                finder.visit_all(name)
        except (OSError, ValueError, RecursionError):
            pass
    mine, others = finder.sources, []
    if sum(len(source) for _, source in mine) > BOTH and len(os.sched_getaffinity(0)) > 1:
        mine, others = halves(mine)
    child = os.fork() if others else 0
    put_all(mine if child or not others else others)
    if child:
        os.waitpid(child, 0)


main()

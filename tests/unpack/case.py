"""A case: an archive, and what has to become of it."""

REFUSE, ADMIT = "refuse", "admit"


class Skip(Exception):
    """A tool that makes the case is not here."""


class Case:
    """
    make() gives the archive's bytes, or writes them when it takes a path. file: the name that
    it has on the disk. reason: a row of reasons.tsv for what is refused, else empty.
    """

    def __init__(self, name, want, reason, what, make, file=None, to_path=False):
        self.name, self.want, self.reason, self.what = name, want, reason, what
        self.make, self.file, self.to_path = make, file, to_path

    def write(self, path):
        if self.to_path:
            self.make(path)
            return
        with open(path, "wb") as f:
            f.write(self.make())


class Cases:
    """A list that decorators add to: a function's name and first line are the case's."""

    def __init__(self, suffix):
        self.suffix, self.all = suffix, []

    def add(self, name, want, reason, what, make, suffix=None, file=None, to_path=False):
        suffix = suffix or self.suffix
        full = "%s-%s" % (suffix.replace(".", "_"), name.replace("_", "-"))
        self.all.append(Case(full, want, reason, what, make, file or "%s.%s" % (name, suffix), to_path))

    def bad(self, reason, **kw):
        return lambda fn: self.add(fn.__name__, REFUSE, reason, fn.__doc__, fn, **kw)

    def good(self, **kw):
        return lambda fn: self.add(fn.__name__, ADMIT, "", fn.__doc__, fn, **kw)

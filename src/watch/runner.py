"""Imports what is listed in modules.txt beside this file, one after the other.

Lines: "r NAME" and "s NAME" name modules, "g MILLISECONDS" how long threads and children that
are left at the end are waited for.
"""
import _thread
import importlib.machinery
import importlib.util
import os
import sys
import time


def read_list(folder):
    """The names in their order, and the seconds to wait."""
    names, grace = [], 0.0
    with open(os.path.join(folder, "modules.txt"), encoding="utf-8") as lines:
        for line in lines:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if kind == "g":
                grace = int(rest) / 1000
            elif kind in ("r", "s"):
                names.append(rest)
    return tuple(names), grace


def site_packages():
    version = "python%d.%d" % sys.version_info[:2] + ("t" if "t" in sys.abiflags else "")
    return os.path.join(sys.prefix, "lib", version, "site-packages")


def shadowed(site):
    """Start-up modules of the environment that site did not run, as another came first."""
    try:
        there = {name.partition(".")[0] for name in os.listdir(site)}
    except OSError:
        there = set()
    for name in ("sitecustomize", "usercustomize"):
        ran = getattr(sys.modules.get(name), "__file__", None) or ""
        if name in there and not ran.startswith(site + os.sep):
            yield name


# Whatever is used once the first module has run is bound here: modules replace builtins,
# attributes of sys and of os, and more.
def importer(site, imp=__import__, audit=sys.audit, text=str, kind=type, base=BaseException, cut=slice(300),
             chdir=os.chdir, folder=os.getcwd(), tracing=sys.settrace, profiling=sys.setprofile,
             limit=sys.setrecursionlimit, depth=sys.getrecursionlimit(), modules=sys.modules,
             attribute=getattr, find=importlib.machinery.PathFinder.find_spec, builtins=sys.builtin_module_names,
             make=importlib.util.module_from_spec, own=sys, usual=sys.excepthook, inside=site_packages() + os.sep):
    def explain(error):
        said = "BaseException"
        try:  # the class may be the module's own
            said = text(kind(error).__name__)
            said = (said + ": " + text(error)).replace("\n", " ")[cut]
        except base:
            pass
        return said

    def quietly(call, *args):
        try:
            call(*args)
        except base:
            pass

    def is_of_site(module):
        spec = attribute(module, "__spec__", None)
        places = [attribute(module, "__file__", None), attribute(spec, "origin", None)]
        return not spec or any(isinstance(p, str) and p.startswith(inside) for p in places) or \
            any(p.startswith(inside) for p in attribute(spec, "submodule_search_locations", None) or ())

    def load_hidden(name):
        """What the environment has by the name of a module that comes first."""
        module = modules.get(name)
        if "." in name or name in builtins or module is None or is_of_site(module):
            return
        spec = find(name, [site])
        if not spec or not spec.loader:
            return
        modules[name] = hidden = make(spec)
        try:
            spec.loader.exec_module(hidden)
        finally:
            modules[name] = module

    def report(error):
        """As an interpreter ends that does not catch it; the hook may be the module's own."""
        if own.excepthook is not usual:
            own.excepthook(kind(error), error, error.__traceback__)

    def run(name):
        said = ""
        quietly(audit, "pratique.mark", "begin " + name)
        try:
            imp(name)
        except base as error:
            said = explain(error)
            quietly(report, error)
        quietly(load_hidden, name)
        said_to, own.stderr = own.stderr, None  # of a warning, nobody need hear
        quietly(attribute, modules.get(name), "__version__", None)  # may be answered by code
        own.stderr = said_to
        quietly(tracing, None)
        quietly(profiling, None)
        quietly(limit, depth)
        quietly(chdir, folder)
        quietly(audit, "pratique.mark", "end " + name + "\0" + said)

    return run


def wait(seconds, held=False, now=time.monotonic, sleep=time.sleep, threads=_thread._count, base=BaseException,
         read=open, names=os.listdir, error=OSError, spent=time.process_time, step=0.02, whole=int,
         own=str(os.getpid())):
    """Until no thread and no living child is left, but no longer than that; threads that compute
    are waited for as long as they do. Threads that are not Python's own count while they compute,
    or when one of them has just slept (held).

    Counted in steps: a sleep that was skipped moves the clocks. What has just awoken from one is
    given its time, so a step in which the clock leapt does not count, for four times the whole.
    """

    def state(where):
        try:
            with read("/proc/" + where + "/stat", "rb") as stat:
                return stat.read().rpartition(b")")[2].split()[0]
        except error:
            return b"X"

    def children():
        for task in names("/proc/self/task"):
            try:
                with read("/proc/self/task/" + task + "/children") as line:
                    for pid in line.read().split():
                        if state(pid) not in (b"Z", b"X"):
                            return True
            except error:
                pass
        return False

    def computing():
        for task in names("/proc/self/task"):
            if task != own and state("self/task/" + task) == b"R":
                return True
        return False

    def busy():
        try:
            return threads() > 0 or children() or computing()
        except base:
            return False

    steps = left = whole(seconds / step) + 1
    leaps, before, hot = 3 * steps, spent(), 0
    soon = steps // 5 if held else 0
    while busy() or soon > 0:
        soon, hot = soon - 1, hot + computing()
        if left <= 0:
            if spent() - before < seconds / 10 and hot * 2 < steps:
                break
            left, before, hot = steps, spent(), 0
        left -= 1
        try:
            asleep = now()
            sleep(step)
            if leaps > 0 and now() - asleep > 0.1:
                left, leaps = left + 1, leaps - 1
        except base:
            pass


def go_on(imp=__import__, base=BaseException):
    """What any program does next: code that waits in a hook for it has its turn."""
    for name in ("colorsys", "fileinput", "sched", "this_is_not_installed"):
        try:
            imp(name)
        except base:
            pass
    try:
        with open(os.devnull, "w") as nothing:
            print("", end="", file=nothing)
    except base:
        pass


def main(audit=sys.audit, base=BaseException, now=time.monotonic):
    folder = os.path.dirname(os.path.abspath(__file__))
    names, grace = read_list(folder)
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]  # a module called main is not this one
    audit("pratique.mark", "startup\0" + sys.version)
    site = site_packages()
    run = importer(site)
    for name in shadowed(site):
        before = sys.modules.pop(name, None)
        sys.path.insert(0, site)
        run(name)
        if site in sys.path:
            sys.path.remove(site)
        if before is not None:
            sys.modules[name] = before
    for name in names:
        try:
            run(name)
        except base:
            pass
    go_on()
    at = now()
    try:
        audit("pratique.mark", "done")
    except base:
        pass
    try:
        wait(grace, now() - at > 0.03)  # a module may have left a signal on its way
    except base:
        pass


if __name__ == "__main__":
    main()

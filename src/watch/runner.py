"""Imports what is listed in modules.txt beside this file, one after the other.

Lines: "r NAME" and "s NAME" name modules, "g MILLISECONDS" how long threads and children that
are left at the end are waited for.
"""
import _thread
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
def importer(imp=__import__, audit=sys.audit, text=str, kind=type, base=BaseException, cut=slice(300),
             chdir=os.chdir, folder=os.getcwd(), tracing=sys.settrace, profiling=sys.setprofile,
             limit=sys.setrecursionlimit, depth=sys.getrecursionlimit()):
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

    def run(name):
        said = ""
        quietly(audit, "pratique.mark", "begin " + name)
        try:
            imp(name)
        except base as error:
            said = explain(error)
        quietly(tracing, None)
        quietly(profiling, None)
        quietly(limit, depth)
        quietly(chdir, folder)
        quietly(audit, "pratique.mark", "end " + name + "\0" + said)

    return run


def wait(seconds, now=time.monotonic, sleep=time.sleep, threads=_thread._count, base=BaseException, read=open,
         names=os.listdir, error=OSError, step=0.02, steps=range, whole=int):
    """Until no thread and no living child is left, but no longer than that.

    Counted in steps: a sleep that was skipped moves the clocks. What has just awoken from one is
    given its time, so the step in which the clock leapt does not count, up to four times the whole.
    """

    def alive(pid):
        try:
            with read("/proc/" + pid + "/stat", "rb") as stat:
                return stat.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
        except error:
            return False

    def children():
        for task in names("/proc/self/task"):
            try:
                with read("/proc/self/task/" + task + "/children") as line:
                    for pid in line.read().split():
                        if alive(pid):
                            return True
            except error:
                pass
        return False

    def busy():
        try:
            return threads() > 0 or children()
        except base:
            return False

    left = whole(seconds / step) + 1
    for _ in steps(4 * left):
        if left == 0 or not busy():
            break
        try:
            before = now()
            sleep(step)
            left -= now() - before < 1
        except base:
            left -= 1


def main(audit=sys.audit, base=BaseException):
    folder = os.path.dirname(os.path.abspath(__file__))
    names, grace = read_list(folder)
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]  # a module called main is not this one
    audit("pratique.mark", "startup\0" + sys.version)
    run = importer()
    site = site_packages()
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
    try:
        audit("pratique.mark", "done")
    except base:
        pass
    try:
        wait(grace)  # a module may have left a signal on its way
    except base:
        pass


if __name__ == "__main__":
    main()

"""What the benches share: how a command is measured, the rivals' environment, tables."""
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "bench")
SLOW = 20.0
GIVE_UP = 400.0


def rivals_folder(kind):
    """The programs of the rivals for models or for source, installed anew when their list has
    changed. Two environments: no set of their dependencies serves both."""
    venv = os.path.join(BUILD, "venv-" + kind)
    wanted = os.path.join(HERE, f"requirements-{kind}.txt")
    stamp = os.path.join(venv, "requirements.txt")
    if not os.path.exists(stamp) or open(stamp).read() != open(wanted).read():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([os.path.join(venv, "bin", "pip"), "install", "-q", "-r", wanted], check=True)
        with open(wanted) as f, open(stamp, "w") as done:
            done.write(f.read())
    return os.path.join(venv, "bin")


def rival(kind, tool):
    """The command that runs one of bench/rivals.py over the files named on standard input."""
    return [os.path.join(rivals_folder(kind), "python"), os.path.join(HERE, "rivals.py"), tool]


def run_once(command, stdin=os.devnull):
    """(CPU seconds, wall seconds, peak MB of the largest process) or None past GIVE_UP."""
    start = time.monotonic()
    with open(stdin, "rb") as given:
        p = subprocess.Popen(command, cwd=BUILD, stdin=given, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    while True:
        pid, _, usage = os.wait4(p.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - start > GIVE_UP:
            p.kill()
            os.wait4(p.pid, 0)
            return None
        time.sleep(0.0005)
    p.returncode = 0
    return (usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024)


def measure(command, stdin=os.devnull, slow=SLOW):
    """The median of five runs, or one run where it takes longer than slow, and how many."""
    first = run_once(command, stdin)  # it also warms the page cache, for everybody
    if first is None:
        return None
    runs = [first] if first[0] > slow else [run_once(command, stdin) for _ in range(5)]
    if None in runs:
        return None
    return tuple(statistics.median(column) for column in zip(*runs)) + (len(runs),)


def run(command, env=None, status=(0,)):
    """(wall seconds, CPU seconds of all its processes); anything but such a status ends us."""
    start = time.perf_counter()
    p = subprocess.Popen(command, env=env, cwd="/", stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, code, usage = os.wait4(p.pid, 0)
    wall = time.perf_counter() - start
    p.returncode = os.waitstatus_to_exitcode(code)
    if p.returncode not in status:
        sys.exit(f"{' '.join(command)}: exit status {p.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def side_by_side(commands, runs=5, clear=None, slow=5.0, fresh=None):
    """{name: (median wall, median CPU)} of {name: (command, environment, statuses)}; the commands
    take turns, so that noise is shared. One that takes longer than slow runs once. clear: a folder
    that is removed after each; fresh: one that is there and empty before each."""
    seen = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, (command, env, status) in commands.items():
            if turn and seen[name] and seen[name][0][0] > slow:
                continue
            if fresh:
                shutil.rmtree(fresh, ignore_errors=True)
                os.mkdir(fresh)
            one = run(command, env, status)
            if turn or one[0] > slow:  # the first warms the page cache, for everybody
                seen[name].append(one)
            if clear:
                shutil.rmtree(clear, ignore_errors=True)
    return {name: tuple(statistics.median(column) for column in zip(*rows))
            for name, rows in seen.items()}


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return [int(word) for word in f.read().split()]
    except OSError:
        return []


def memory_now(pid):
    """(resident, of it anonymous) in MB, of the process and of all below it, added up."""
    resident = anonymous = 0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        waiting += children_of(one)
        try:
            with open(f"/proc/{one}/statm") as f:
                pages = [int(word) for word in f.read().split()]
        except (OSError, ProcessLookupError):
            continue
        if len(pages) > 2:
            resident += pages[1]
            anonymous += pages[1] - pages[2]
    page = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    return resident * page, anonymous * page


def tree_peak(command):
    """The highest of memory_now() while the command runs, looked at every 2 ms."""
    p = subprocess.Popen(command, cwd=BUILD, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    peak = (0.0, 0.0)
    while p.poll() is None:
        peak = tuple(max(a, b) for a, b in zip(peak, memory_now(p.pid)))
        time.sleep(0.002)
    return peak


def cell(result):
    if result is None:
        return f"over {GIVE_UP:.0f} s"
    cpu, _, mb, _ = result
    return f"{cpu:.3f} s, {mb:.0f} MB" if cpu < 10 else f"{cpu:.0f} s, {mb:.0f} MB"


def table(title, head, rows):
    out = [f"### {title}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(out + ["| " + " | ".join(r) + " |" for r in rows]) + "\n"


def write_between(page, begin, end, text):
    """Puts the text between two marks of a page, in place of what stands there."""
    with open(page) as f:
        whole = f.read()
    with open(page, "w") as f:
        f.write(f"{whole.split(begin)[0]}{begin}\n{text}\n{end}{whole.split(end)[1]}")

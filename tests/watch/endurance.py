#!/usr/bin/env python3
"""Many watches side by side, and many that are killed at any moment, leave nothing behind. TAP.

    endurance.py [--watches N] [--kills N]

A process, a mount, a namespace (which lives as long as a process is in it, or a mount holds it),
a file. Orphans become children of this test, so that none is overlooked.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from _watch import PROGRAM, Host, descendants, find_python, reap, watch

import make_wheels

WHEELS = ["plain", "persist_bashrc", "popen_new_session", "double_fork", "post_gzip", "multiprocessing_pool",
          "drop_memfd", "kill_init"]
SIDE_BY_SIDE = 8


def build(folder, python):
    made = make_wheels.build_all(folder, python, only=WHEELS, kinds=("hostile", "innocent"))
    return [made[n][1] for n in WHEELS]


def many(python, wheels, count, tmp):
    """Waves of watches; what any of them said that it should not."""
    wrong, lock = [], threading.Lock()

    def one(i):
        path = wheels[i % len(wheels)]
        w = watch("--python", python, "--one-pass", path, env={"TMPDIR": tmp})
        want = ("admit",) if path.name.startswith(("plain", "multiprocessing_pool")) else ("hold", "refuse")
        if w.verdict not in want:
            with lock:
                wrong.append(f"{path.name}: {w.verdict} {w.why()}")

    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(one, range(count)))
    return wrong


def kills(python, wheels, count, tmp, dice):
    """Each is killed somewhere between its start and its usual end."""
    start = time.monotonic()
    watch("--python", python, "--one-pass", wheels[0], env={"TMPDIR": tmp})
    usual = (time.monotonic() - start) * 2
    for first in range(0, count, SIDE_BY_SIDE // 2):
        wave = [subprocess.Popen([PROGRAM, "watch", "--format", "json", "--python", python, "--one-pass",
                                  str(wheels[i % len(wheels)])], env={**os.environ, "TMPDIR": tmp},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for i in range(first, min(count, first + SIDE_BY_SIDE // 2))]
        ends = sorted((dice.uniform(0, usual), i) for i in range(len(wave)))
        begun = time.monotonic()
        for at, i in ends:
            time.sleep(max(0.0, begun + at - time.monotonic()))
            wave[i].send_signal(signal.SIGKILL)
        for child in wave:
            child.wait()


def say(n, wrong, what):
    for line in wrong[:10]:
        print("# " + line.replace("\n", " ")[:500])
    print(f"{'not ok' if wrong else 'ok'} {n} - {what}", flush=True)
    return bool(wrong)


def left(host, tmp):
    out = host.after(10)
    reap()
    return out + [f"file {p}" for p in pathlib.Path(tmp).iterdir()]


def main(watches=24, killed=32):
    """The numbers are those of make check, under a minute; endurance_interop.py asks for all."""
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("--watches", type=int, default=watches)
    arg.add_argument("--kills", type=int, default=killed)
    arg.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    opt = arg.parse_args()
    python, bad = find_python(), 0
    with tempfile.TemporaryDirectory(prefix="pratique-wheels-") as folder, \
            tempfile.TemporaryDirectory(prefix="pratique-test-") as tmp:
        wheels, host = build(folder, python), Host()
        bad += say(1, many(python, wheels, opt.watches, tmp), f"{opt.watches} watches, {SIDE_BY_SIDE} at a time")
        bad += say(2, left(host, tmp), "they leave nothing behind")
        kills(python, wheels, opt.kills, tmp, random.Random(opt.seed))
        wrong = left(host, tmp)
        bad += say(3, wrong + ([f"--seed {opt.seed}"] if wrong else []), f"{opt.kills} that are killed leave nothing behind")
        w = watch("--python", python, "--one-pass", wheels[0])
        bad += say(4, [] if w.verdict == "admit" else [w.why()], "and the next works")
        for pid in set(descendants()) - host.processes:
            os.kill(pid, signal.SIGKILL)
    print("1..4")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

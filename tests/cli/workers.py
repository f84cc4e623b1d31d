#!/usr/bin/env python3
"""Planted faults: a parser that crashes, hangs, eats memory or turns on its host costs its own
file the answer, and nothing else. Runs the build with -DPRATIQUE_FAULTS (VARIANT=faults), named
by PRATIQUE_FAULTS_BIN or PRATIQUE_FAULTS."""

import os
import pathlib
import signal
import subprocess
import time

from _tap import BENIGN, ROOT, UNDECIDED, equal, folder, main, scan_json, test

FAULTS = os.environ.get("PRATIQUE_FAULTS_BIN", os.environ.get(
    "PRATIQUE_FAULTS", str(ROOT / "build/faults/pratique")))
LIMITS = ["--timeout", "1", "--max-memory", "256M"]

# fault: the rule that must fire, and a word of its evidence
WANTED = {
    "crash": ("ENG008", "SIGSEGV"),
    "exec": ("ENG008", "forbidden system call"),
    "exit": ("ENG008", "status 0"),
    "fork": ("ENG008", "forbidden system call"),
    "hang": ("ENG009", "deadline"),
    "memory": ("ENG003", "memory"),
    "nonsense": ("ENG010", "frame"),
    "open": ("ENG008", "forbidden system call"),
    "socket": ("ENG008", "forbidden system call"),
    "stack": ("ENG008", "SIGSEGV"),
}


def fault(name):
    return f"PRATIQUE-FAULT {name}\n".encode()


def faulty_folder():
    files = {}
    for name in WANTED:
        files[f"{name}_a_txt"] = b"hello\n"
        files[f"{name}_bad"] = fault(name)
        files[f"{name}_c_pkl"] = BENIGN
    return folder(**files)


def workers_alive():
    """Processes that run the program, whoever started them."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/exe"):
        try:
            if os.readlink(entry).split(" (deleted)")[0] == os.path.realpath(FAULTS):
                found.append(entry.parent.name)
        except OSError:
            pass  # ended in the meantime, or not ours
    return found


def check(report, names, where):
    by_name = {pathlib.Path(a["path"]).name: a for a in report["artifacts"]}
    equal([pathlib.Path(a["path"]).name for a in report["artifacts"]], sorted(names), "order")
    for name in names:
        a, kind = by_name[name], name.split(".")[0]
        if name.endswith(".bad"):
            equal(a["verdict"], "undecided", name)
            rule, word = WANTED[kind]
            found = [f for f in a["findings"] if f["rule"] == rule]
            assert found and word in found[0]["detail"], (name, a["findings"])
        else:
            equal((a["verdict"], a["findings"]), ("admit", []), name)
    assert not list(where.glob("pratique-fault-was-here")), "a fault touched a file"


def run_over(workers):
    with faulty_folder() as where:
        names = sorted(p.name for p in where.iterdir())
        report, done = scan_json(*LIMITS, "--workers", str(workers), str(where), cwd=where,
                                 program=FAULTS)
        equal(done.returncode, UNDECIDED, done.stderr)
        check(report, names, where)
        equal(sorted(p.name for p in where.iterdir()), names, "left behind")


@test
def each_fault_costs_its_own_file_with_one_worker():
    run_over(1)


@test
def each_fault_costs_its_own_file_with_two_workers():
    run_over(2)


@test
def many_crashes_in_a_row():
    files = {f"f{i:03}_bad": fault("crash") for i in range(60)}
    files.update({f"f{i:03}_txt": b"hello\n" for i in range(60)})
    with folder(**files) as where:
        report, done = scan_json(*LIMITS, str(where), program=FAULTS)
        equal(done.returncode, UNDECIDED, done.stderr)
        verdicts = [a["verdict"] for a in report["artifacts"]]
        equal(verdicts, ["undecided", "admit"] * 60)


@test
def a_hang_keeps_nobody_waiting_behind_it():
    files = {"a_bad": fault("hang"), **{f"b{i}_txt": b"hello\n" for i in range(8)}}
    with folder(**files) as where:
        report, _ = scan_json("--timeout", "2", "--workers", "2", str(where), program=FAULTS)
        equal([a["verdict"] for a in report["artifacts"]], ["undecided"] + ["admit"] * 8)
        assert all(a["time_us"] < 1_000_000 for a in report["artifacts"][1:])


@test
def no_process_is_left():
    before = set(workers_alive())
    with faulty_folder() as where:
        scan_json(*LIMITS, str(where), program=FAULTS)
    equal(set(workers_alive()) - before, set(), "processes")


@test
def workers_die_with_their_parent():
    before = set(workers_alive())
    with folder(a_bad=fault("hang")) as where:
        gate = subprocess.Popen([FAULTS, "scan", "--timeout", "60", str(where)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while len(set(workers_alive()) - before) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        gate.send_signal(signal.SIGKILL)
        gate.wait()
        while set(workers_alive()) - before and time.monotonic() < deadline:
            time.sleep(0.02)
        equal(set(workers_alive()) - before, set(), "processes")


@test
def a_worker_that_is_killed_from_outside_is_replaced():
    with folder(a_bad=fault("hang"), b_txt=b"hello\n") as where:
        gate = subprocess.Popen([FAULTS, "scan", "--format", "json", "--workers", "1", "--timeout",
                                 "60", str(where)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        children = pathlib.Path(f"/proc/{gate.pid}/task/{gate.pid}/children")
        deadline = time.monotonic() + 20
        worker = None
        while worker is None and time.monotonic() < deadline:
            pids = children.read_text().split()
            busy = [p for p in pids
                    if int(pathlib.Path(f"/proc/{p}/stat").read_text().split()[13]) >= 5]
            worker = int(busy[0]) if busy else time.sleep(0.02)
        assert worker is not None, "no worker has begun"
        os.kill(worker, signal.SIGKILL)
        out, _ = gate.communicate(timeout=30)
        assert b"SIGKILL" in out and b'"admit"' in out, out


if __name__ == "__main__":
    main()

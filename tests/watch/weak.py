#!/usr/bin/env python3
"""A watch where namespaces are forbidden: what it sees, that nothing gets out. TAP.

    weak.py [WORD...]

The program runs under confined.c, an imitation of docker's default profile; begun by root, and
by an ordinary user where this is run by root. What a weak watch cannot see is listed with the
verdict that it then gives.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
CONFINED = str(pathlib.Path(PROGRAM).parent / "confined")

# Of cases.tsv, as it says.
SEEN = """mistral_shape mistral_shape_curl litellm_shape pth_one_line entry_point_only ctx_shape torchtriton_shape
w4sp_shape read_open read_cat read_mmap drop_exec_binary drop_memfd drop_py_file import_from_tmp read_by_symlink cdll_of_downloaded bind_shell
native_system monkeypatch guard_ci_set
plain tempfile_probe multiprocessing_pool multiprocessing_manager socketpair bind_loopback loopback_server
own_address host_name netlink_interfaces sqlite_memory import_many_stdlib asyncio_loop""".split()
# name -> verdict, kinds of events: what is seen of it where it is not as cases.tsv says.
OTHERWISE = {
    "reverse_shell": ("refuse", "connect"),  # no terminal is given to it
    "guard_host_name": ("admit", ""),  # it is not called "thinkpad"
    "guard_no_preload": ("admit", ""),  # LD_PRELOAD is set
    "guard_parent": ("admit", ""),  # its parent is no process 1
}
ESCAPES = """tcp udp udp_broadcast unix_path unix_abstract inherited_descriptors host_files symlinks symlink_race
memory_of_others descriptors_of_others kill_everybody kill_the_supervisor_first limits_of_others system_v terminal
odd_sockets orphans setuid_files argument_race files_that_hold_up""".split()

# Sockets without Python's own handling: a send that names its address in many ways.
SENDS = '''
import ctypes, threading, time
libc = ctypes.CDLL(None, use_errno=True)
targets = [(socket.AF_INET, (a, PORT)) for a in ADDRESSES if ":" not in a]
for family, to in targets:
    s = socket.socket(family, socket.SOCK_DGRAM)
    attempt(s.sendmsg, [HEARD], [], 0, to)
    attempt(s.sendmsg, [HEARD], [(socket.IPPROTO_IP, 8, bytes(12))], 0, to)
    t = socket.socket(family)
    attempt(t.sendto, HEARD, 0x20000000, to)  # MSG_FASTOPEN
    attempt(t.setsockopt, socket.IPPROTO_TCP, 30, 1)  # TCP_FASTOPEN_CONNECT
    if attempt(t.connect, to) is None:
        attempt(t.send, HEARD)
# the address changes while the call is judged
raw = ctypes.create_string_buffer(16)
good = struct.pack("=HH", 2, 0x3500) + bytes([127, 0, 0, 1]) + bytes(8)
bad = struct.pack("=H", 2) + struct.pack(">H", PORT) + bytes([127, 0, 0, 1]) + bytes(8)
end = time.monotonic() + 1
def swap():
    while time.monotonic() < end:
        raw.raw = good; raw.raw = bad
t = threading.Thread(target=swap); t.start()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while time.monotonic() < end:
    libc.sendto(u.fileno(), HEARD, len(HEARD), 0, raw, 16)
    v = socket.socket()
    if libc.connect(v.fileno(), raw, 16) == 0:
        libc.send(v.fileno(), HEARD, len(HEARD), 0)
    v.close()
t.join()
# another socket comes to be where the first was
w = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a, b = socket.socketpair()
end = time.monotonic() + 1
def flip():
    while time.monotonic() < end:
        os.dup2(w.fileno(), 900); os.dup2(a.fileno(), 900)
t = threading.Thread(target=flip); t.start()
while time.monotonic() < end:
    libc.sendto(900, HEARD, len(HEARD), 0, bad, 16)
t.join()
'''


def left(host):
    """What is left of a watch, once it had the time to go."""
    end = time.monotonic() + 5
    places = list(pathlib.Path(os.environ["TMPDIR"]).glob("pratique-watch-*"))
    while places and time.monotonic() < end:
        time.sleep(0.05)
        places = list(pathlib.Path(os.environ["TMPDIR"]).glob("pratique-watch-*"))
    return "; ".join([f"the place {p}" for p in places] + host.after())


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def say(self, wrong, what):
        self.n += 1
        self.bad += bool(wrong)
        if wrong:
            print("# " + str(wrong).replace("\n", " ")[:1500])
        print(f"{'not ok' if wrong else 'ok'} {self.n} - {what}", flush=True)


def launchers(folder):
    """Scripts that start the program confined: by whoever runs this, and by an ordinary user."""
    for name, path in (("pratique", PROGRAM), ("confined", CONFINED)):
        shutil.copy(path, f"{folder}/{name}")
    os.chmod(folder, 0o1777)
    os.environ["TMPDIR"] = folder  # of the watch's own places: other tests look at /tmp
    made = []
    for name, before in (("plain", ""), ("user", "setpriv --reuid=1000 --regid=1000 --clear-groups ")):
        path = pathlib.Path(folder) / name
        path.write_text(f'#!/bin/sh\nexec {before}{folder}/confined {folder}/pratique "$@"\n')
        path.chmod(0o755)
        made.append(str(path))
    return made if os.getuid() == 0 and shutil.which("setpriv") else made[:1]


def watch_cases(tap, words, program, who, python, folder):
    made = make_wheels.build_all(folder, python)
    for case in run.read_cases():
        case.path, case.missing = made[case.name][1:]
        if case.name in OTHERWISE:
            case.verdict, case.seen = OTHERWISE[case.name]
        elif case.name not in SEEN:
            continue
        if case.missing or words and not any(w in case.name for w in words):
            continue
        w = _watch.watch(*case.options.split(), "--python", python, case.path, cwd=folder, program=program)
        wrong = case.wrong(w)
        if w.watch.get("isolation") != "weak":
            wrong = f"isolation {w.watch.get('isolation')}"
        tap.say(wrong and f"{wrong}; {w.why()}", f"{case.name}{who}: {w.verdict}")


def try_escapes(tap, words, program, who, python, folder):
    escapes.PROGRAM = program
    escapes.ESCAPES["sends"] = SENDS
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as stage_folder:
        stage = escapes.Stage(stage_folder)
        try:
            assert stage.ears.work(), "the ears are deaf"
            host = _watch.Host()
            for name in ESCAPES + ["sends"]:
                if words and not any(w in name for w in words):
                    continue
                code = stage.prologue() + escapes.ESCAPES[name]
                file, data = make_wheels.make(f"escape_{name}", {f"escape_{name}/__init__.py": code},
                                              make_wheels.Builder(python))
                path = pathlib.Path(folder) / file
                path.write_bytes(data)
                w = escapes.watch(stage, path, python, ("--one-pass",))
                wrong = escapes.trouble(stage, name, "#admit", w, host)
                tap.say("; ".join(wrong), f"nothing gets out: {name}{who}: {w.verdict}")
        finally:
            stage.close()


def require_full(tap, program, who):
    w = _watch.watch("--require-isolation", "full", "--", "/bin/true", program=program)
    wrong = "" if w.status == 3 and not w.watch and "seccomp=unconfined" in w.err else f"{w.status} {w.err}"
    tap.say(wrong, f"--require-isolation full gives no answer{who}")


def kill_parent(tap, program, who, how, early):
    """Whatever ends the program, nobody and nothing of the watch stays. early: as it begins."""
    host = _watch.Host()
    child = subprocess.Popen([program, "watch", "--", "/bin/sh", "-c", "while :; do setsid sleep 2 & sleep 1; done"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             preexec_fn=lambda: signal.signal(how, signal.SIG_DFL) if how != signal.SIGKILL else None)
    end, begun = time.monotonic() + 10, early
    while time.monotonic() < end and not begun:
        begun = any(w.startswith("sleep") for w in _watch.descendants().values())
        time.sleep(0.05)
    while early and time.monotonic() < end and len(_watch.descendants()) < 3 + len(host.processes):
        pass  # its first processes are there: a place as well
    child.send_signal(how)  # which a shell's background has ignored, and so all that it starts
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        begun = False
    tap.say(left(host) if begun else "it did not begin", f"nothing is left after {how.name}{' at the beginning' * early}{who}")


def main():
    words, tap = sys.argv[1:], Tap()
    python = escapes.python_of_nobody(_watch.find_python()) or _watch.find_python()
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as bin_folder, \
            tempfile.TemporaryDirectory(prefix="pratique-wheels-") as wheels:
        os.chmod(wheels, 0o755)
        for program, who in zip(launchers(bin_folder), ("", " as an ordinary user")):
            host = _watch.Host()
            watch_cases(tap, words, program, who, python, wheels)
            tap.say(left(host), f"nothing is left behind{who}")
            try_escapes(tap, words, program, who, python, wheels)
            require_full(tap, program, who)
            for how in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
                kill_parent(tap, program, who, how, False)
                kill_parent(tap, program, who, how, True)
    print(f"1..{tap.n}")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    if not os.path.exists(CONFINED):
        print(f"1..0 # SKIP no {CONFINED}")
        sys.exit(0)
    import _watch
    import escapes
    import make_wheels
    import run
    sys.exit(main())

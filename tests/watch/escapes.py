#!/usr/bin/env python3
"""Nothing gets out of a watch: wheels that try to, and a host that looks. TAP.

    escapes.py [WORD...]

The host listens on TCP, UDP, and unix sockets with and without a path; it has files with known
contents, descriptors that are inherited, a terminal, System V memory and a key ring. Each wheel
tries one way to reach them; afterwards nothing may have been heard, and everything be as before.
Run by root, each is tried once more as an ordinary user.
"""
import array
import contextlib
import ctypes
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time

from _watch import (PROGRAM, SECRET, Host, Watched, descendants, find_python, reap, runs,
                    skip_unless_full, tree_hash)

import make_wheels

HEARD = b"pratique-test-heard"
SHM_KEY = 0x50525451
NOBODY = 65534

# What a wheel begins with: where the host's things are, and a call that never raises.
PROLOGUE = '''
import ctypes, glob, os, socket, struct, sys
PORT, FOLDER, ADDRESSES, ABSTRACT = {port}, {folder!r}, {addresses!r}, {abstract!r}
HEARD = b"pratique-test-heard"
libc = ctypes.CDLL(None, use_errno=True)
def attempt(fn, *args):
    try:
        return fn(*args)
    except (OSError, ValueError, OverflowError, ctypes.ArgumentError):
        return None
'''

# name -> code. "#admit" at its beginning: what it tries is nothing that a policy must stop.
ESCAPES = {
    "tcp": '''
for a in ADDRESSES:
    s = socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET)
    s.settimeout(2)
    if attempt(s.connect, (a, PORT)) is None:
        attempt(s.sendall, HEARD)
    s.close()
''',
    "udp": '''
for a in ADDRESSES:
    s = socket.socket(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_DGRAM)
    attempt(s.sendto, HEARD, (a, PORT))
''',
    "udp_broadcast": '''
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for a in ("255.255.255.255", "224.0.0.1", "0.0.0.0"):
    attempt(s.sendto, HEARD, (a, PORT))
''',
    "unix_path": '''
for p in (FOLDER + "/socket", "/proc/1/root" + FOLDER + "/socket", "/proc/%d/root" % os.getppid() + FOLDER + "/socket"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        s = socket.socket(socket.AF_UNIX, kind)
        if attempt(s.connect, p) is None:
            attempt(s.send, HEARD)
''',
    "unix_abstract": '''
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    s = socket.socket(socket.AF_UNIX, kind)
    if attempt(s.connect, "\\0" + ABSTRACT) is None:
        attempt(s.send, HEARD)
    attempt(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto, HEARD, "\\0" + ABSTRACT + "-d")
''',
    "inherited_descriptors": '''#admit
for fd in range(3, 1024):
    attempt(os.write, fd, HEARD)
    attempt(os.ftruncate, fd, 0)
    attempt(os.fchmod, fd, 0o777)
    d = attempt(os.open, "notes.txt", os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        d = os.open("notes.txt", os.O_WRONLY | os.O_CREAT, dir_fd=fd)
        os.write(d, HEARD)
    except OSError:
        pass
for p in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/dev/fd/*"):
    if not p.endswith(("/0", "/1", "/2")):
        d = attempt(os.open, p, os.O_WRONLY | os.O_NONBLOCK)
        if d is not None:
            attempt(os.write, d, HEARD)
''',
    "host_files": '''#admit
names = ("notes.txt", "open.txt", "new.txt", "home/.bashrc")
roots = ["", "/proc/1/root", "/proc/self/root", "/proc/%d/root" % os.getppid(), "/proc/1/cwd", "/proc/self/cwd/../../../../.."]
roots += glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/task/*/root")
for r in roots:
    for n in names:
        p = r + FOLDER + "/" + n
        d = attempt(os.open, p, os.O_RDWR | os.O_CREAT, 0o666)
        if d is not None:
            attempt(os.write, d, HEARD)
            print(attempt(os.pread, d, 1000, 0))
        attempt(os.unlink, p)
        attempt(os.rename, "/tmp/x", p)
        attempt(os.chmod, p, 0o777)
''',
    "symlinks": '''
for n, t in (("leak", FOLDER + "/notes.txt"), ("leak2", "/proc/1/root" + FOLDER + "/notes.txt"), ("up", "../../../../../.."),
             ("leak3", "/etc/shadow"), (".bash_profile", FOLDER + "/notes.txt")):
    for d in ("/tmp/", os.path.expanduser("~/")):
        attempt(os.symlink, t, d + n)
        attempt(os.link, t, d + n + "h")
        f = attempt(os.open, d + n, os.O_RDWR)
        if f is not None:
            print(attempt(os.read, f, 1000))
            attempt(os.write, f, HEARD)
''',
    "symlink_race": '''
import threading, time
end = time.monotonic() + 1
def swap():
    while time.monotonic() < end:
        for t in (FOLDER, "/tmp", "/etc"):
            attempt(os.symlink, t, "/tmp/n")
            attempt(os.rename, "/tmp/n", "/tmp/r")
t = threading.Thread(target=swap)
t.start()
while time.monotonic() < end:
    d = attempt(os.open, "/tmp/r/notes.txt", os.O_RDWR | os.O_CREAT)
    if d is not None:
        os.write(d, HEARD)
        os.close(d)
t.join()
''',
    "ptrace_of_the_first": '''
for pid in {1, os.getppid()} | {int(p.split("/")[2]) for p in glob.glob("/proc/[0-9]*")}:
    if pid != os.getpid():
        for request in (16, 0x4206, 0x4207):
            libc.ptrace(request, pid, 0, 0)
''',
    "memory_of_others": '''
class V(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("n", ctypes.c_size_t)]
b = ctypes.create_string_buffer(HEARD * 4)
for p in {"/proc/1", "/proc/%d" % os.getppid(), *glob.glob("/proc/[0-9]*")}:
    pid = int(p.split("/")[2])
    if pid == os.getpid():
        continue
    try:
        maps = open(p + "/maps").read().split("\\n")
    except OSError:
        maps = ["400000-"]
    for line in maps[:20]:
        at = int(line.split("-")[0] or "0", 16)
        l, r = V(ctypes.addressof(b), 32), V(at, 32)
        libc.process_vm_writev(pid, ctypes.byref(l), 1, ctypes.byref(r), 1, 0)
        libc.process_vm_readv(pid, ctypes.byref(l), 1, ctypes.byref(r), 1, 0)
        d = attempt(os.open, p + "/mem", os.O_RDWR)
        if d is not None:
            attempt(os.pwrite, d, HEARD, at)
''',
    "descriptors_of_others": '''
for p in glob.glob("/proc/[0-9]*"):
    fd = libc.syscall(434, int(p.split("/")[2]), 0)
    if fd >= 0:
        for n in range(64):
            got = libc.syscall(438, fd, n, 0)
            if got >= 0 and int(p.split("/")[2]) != os.getpid():
                attempt(os.write, got, HEARD)
''',
    "environment_of_others": '''#admit
for p in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    d = attempt(os.open, p, os.O_RDONLY)
    if d is not None:
        print(attempt(os.read, d, 100000))
''',
    "kill_everybody": '''
for pid in [-1, 1, os.getppid()] + list(range(1, 400)):
    if pid != os.getpid():
        for n in (9, 15, 19):
            attempt(os.kill, pid, n)
''',
    "kill_the_supervisor_first": '''
for n in (9, 19, 11, 15):
    attempt(os.kill, 1, n)
    attempt(os.killpg, 0 if n == 0 else 1, n)
fd = libc.syscall(434, 1, 0)
if fd >= 0:
    libc.syscall(424, fd, 9, None, 0)
''',
    "limits_of_others": '''#admit
for pid in (1, os.getppid()):
    lim = struct.pack("QQ", 0, 0)
    for r in range(16):
        libc.prlimit(pid, r, lim, None)
    attempt(os.sched_setaffinity, pid, {0})
    libc.setpriority(0, pid, 19)
    libc.syscall(251, 1, pid, 0)
''',
    "mounts": '''
for flags in (0x10000000 | 0x20000, 0x20000, 0x40000000 | 0x10000000):
    libc.unshare(flags)
attempt(os.makedirs, "/tmp/m")
for src, fs, flags in ((b"/proc/1/root", None, 4096), (b"none", b"tmpfs", 0), (b"none", b"proc", 0), (b"/dev/sda1", b"ext4", 0),
                       (b"none", b"overlay", 0), (b"none", b"sysfs", 0), (b"none", b"cgroup2", 0), (b"none", None, 32 | 16384)):
    libc.mount(src, b"/tmp/m", fs, flags, None)
libc.mount(b"none", b"/", None, 32 | 4096 , None)
libc.umount2(b"/proc", 2)
libc.umount2(b"/", 2)
libc.chroot(b"/proc/1/root")
libc.syscall(155, b"/tmp", b"/tmp")
for n in (428, 429, 430, 431, 432, 433, 442):
    libc.syscall(n, -100, b"/", 0, 0, 0)
d = attempt(os.open, FOLDER + "/notes.txt", os.O_RDWR)
if d is not None:
    os.write(d, HEARD)
''',
    "other_namespaces": '''
for p in glob.glob("/proc/[0-9]*/ns/*"):
    d = attempt(os.open, p, os.O_RDONLY)
    if d is not None:
        libc.setns(d, 0)
s = socket.socket()
s.settimeout(1)
if attempt(s.connect, ("127.0.0.1", PORT)) is None:
    attempt(s.sendall, HEARD)
''',
    "user_namespace": '''
libc.unshare(0x10000000)
for f, t in (("setgroups", "deny"), ("uid_map", "0 0 1"), ("gid_map", "0 0 1"), ("uid_map", "0 1000 1")):
    d = attempt(os.open, "/proc/self/" + f, os.O_WRONLY)
    if d is not None:
        attempt(os.write, d, t.encode())
libc.unshare(0x20000 | 0x40000000)
libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)
attempt(os.setuid, 0)
''',
    "terminal": '''#admit
for fd in (0, 1, 2):
    for c in HEARD:
        libc.ioctl(fd, 0x5412, bytes([c]))
for p in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1", "/dev/tty0", "/dev/ptmx"):
    d = attempt(os.open, p, os.O_RDWR | os.O_NONBLOCK)
    if d is not None:
        libc.ioctl(d, 0x5412, b"x")
        libc.ioctl(d, 0x541c, b"\\3\\0\\0\\0")
        attempt(os.write, d, HEARD)
''',
    "keys": '''
for ring in (-1, -2, -3, -4, -5):
    libc.syscall(248, b"user", b"pratique-test-key", HEARD, len(HEARD), ring)
    libc.syscall(250, 0, ring, 1)
''',
    "system_v": '''#admit
KEY = 0x50525451
i = libc.shmget(KEY, 4096, 0o666)
if i >= 0:
    libc.shmat.restype = ctypes.c_void_p
    a = libc.shmat(i, None, 0)
    if a and a != ctypes.c_void_p(-1).value:
        ctypes.memmove(a, HEARD, len(HEARD))
    libc.shmctl(i, 0, None)
''',
    "kernel_settings": '''
for p, t in (("/proc/sys/kernel/core_pattern", "|/tmp/x"), ("/proc/sys/kernel/hostname", "owned"), ("/proc/sys/vm/overcommit_memory", "2"),
             ("/proc/sysrq-trigger", "h"), ("/sys/kernel/uevent_helper", "/tmp/x"), ("/proc/1/oom_score_adj", "1000"),
             ("/sys/fs/cgroup/cgroup.procs", "1"), ("/proc/sys/kernel/modprobe", "/tmp/x"), ("/proc/sys/fs/binfmt_misc/register", ":x:M::x::/tmp/x:")):
    d = attempt(os.open, p, os.O_WRONLY)
    if d is not None:
        attempt(os.write, d, t.encode())
libc.sethostname(b"owned", 5)
libc.setdomainname(b"owned", 5)
''',
    "devices": '''
for p, n in (("/tmp/sda", (8, 0)), ("/tmp/mem", (1, 1)), ("/tmp/kmsg", (1, 11)), ("/tmp/tty", (5, 0))):
    attempt(os.mknod, p, 0o60666 if n[0] == 8 else 0o20666, os.makedev(*n))
    d = attempt(os.open, p, os.O_RDWR)
    if d is not None:
        attempt(os.write, d, HEARD)
for p in ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/loop-control"):
    d = attempt(os.open, p, os.O_RDWR)
    if d is not None:
        attempt(os.write, d, HEARD)
''',
    "file_handles": '''
h = ctypes.create_string_buffer(struct.pack("II", 8, 1) + b"\\2\\0\\0\\0\\0\\0\\0\\0", 128)
for p in ("/", "/usr", "/tmp", "/proc"):
    d = attempt(os.open, p, os.O_RDONLY)
    got = libc.open_by_handle_at(d, h, os.O_RDONLY)
    if got >= 0:
        n = attempt(os.open, FOLDER[1:] + "/notes.txt", os.O_RDWR)
        e = libc.openat(got, (FOLDER[1:] + "/notes.txt").encode(), os.O_RDWR)
        if e >= 0:
            os.write(e, HEARD)
''',
    "clocks": '''
libc.settimeofday(struct.pack("qq", 1000000, 0), None)
libc.clock_settime(0, struct.pack("qq", 1000000, 0))
libc.syscall(305, 0, ctypes.create_string_buffer(512))
''',
    "kernel_doors": '''
p = ctypes.create_string_buffer(512)
for n in (425, 426, 427, 321, 298, 323, 175, 313, 246, 320, 163, 167, 169, 172, 173, 101, 310, 311, 435, 437, 447, 447, 0x40000000 + 39):
    libc.syscall(n, 1, p, 0, 0, 0, 0)
''',
    "odd_sockets": '''#admit
for family, kind, address in ((40, 1, (2, PORT)), (40, 1, (1, PORT)), (16, 3, (0, 0)), (17, 3, None), (38, 5, None), (31, 3, None), (29, 3, None), (44, 3, None)):
    s = attempt(socket.socket, family, kind)
    if s is not None and address:
        s.settimeout(1)
        if attempt(s.connect, address) is None:
            attempt(s.send, HEARD)
''',
    "report_forged": '''#admit
t = '{"schema":"pratique-report-1","artifacts":[],"verdict":"admit"}\\n'
for fd in (1, 2):
    os.write(fd, ("\\n" + t + "\\x1b]0;owned\\x07\\x1b[2J\\r\\0" + t).encode())
import __main__
print("</script><script>alert(1)</script>", '"},{"', "\\ud800".encode("utf-8", "surrogatepass"))
''',
    "files_that_hold_up": '''
os.mkfifo("/tmp/fifo")
os.mkfifo(os.path.expanduser("~/.fifo"))
s = socket.socket(socket.AF_UNIX)
s.bind("/tmp/sock")
d = os.open("/tmp/sparse", os.O_RDWR | os.O_CREAT)
attempt(os.ftruncate, d, 1 << 40)
p = "/tmp"
for i in range(400):
    p += "/" + "d" * 8
    if attempt(os.mkdir, p) is None and not os.path.isdir(p):
        break
attempt(os.mkdir, "/tmp/none", 0)
attempt(os.symlink, "loop", "/tmp/loop")
attempt(os.mkdir, b"/tmp/\\xff\\xfe\\n\\x1b[31m")
''',
    "crash_with_a_core": '''
import resource
attempt(resource.setrlimit, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
libc.prctl(4, 1, 0, 0, 0)
ctypes.string_at(0)
''',
    "orphans": '''
for i in range(20):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            import signal, time
            for n in range(1, 65):
                try:
                    signal.signal(n, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                time.sleep(1000)
        os._exit(0)
''',
    "setuid_files": '''
for p in ("/tmp/sh", os.path.expanduser("~/sh"), "/dev/shm/sh"):
    d = attempt(os.open, p, os.O_WRONLY | os.O_CREAT, 0o755)
    if d is not None:
        os.write(d, open("/bin/sh", "rb").read())
        os.close(d)
        attempt(os.chown, p, 0, 0)
        attempt(os.chmod, p, 0o4755)
        os.system(p + " -p -c 'id -u; echo heard > " + FOLDER + "/new.txt'")
attempt(os.setresuid, 0, 0, 0)
for p in ("su -c id", "sudo -n id", "mount -t tmpfs none /mnt", "newuidmap 1 0 0 1", "ping -c1 127.0.0.1"):
    os.system(p + " </dev/null >/dev/null 2>&1")
''',
    "notifier_flood": '''
import threading, time
end = time.monotonic() + 1.5
def flood():
    while time.monotonic() < end:
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(("192.0.2.9", 9))
        s.close()
        libc.execve(ctypes.c_char_p(b"/nonexistent"), None, None)
        libc.connect(-1, ctypes.c_void_p(8), 16)
        libc.open(ctypes.c_void_p(1), 1)
for t in [threading.Thread(target=flood) for _ in range(8)]:
    t.start()
''',
    "argument_race": '''#admit
import threading, time
end = time.monotonic() + 1
path = ctypes.create_string_buffer(b"/dev/null" + b"\\0" * 200)
good, bad = b"/dev/null\\0", (FOLDER + "/notes.txt").encode() + b"\\0"
def swap():
    while time.monotonic() < end:
        path.raw = good + b"\\0" * (len(path.raw) - len(good))
        path.raw = bad[:len(path.raw)] + b"\\0" * (len(path.raw) - len(bad))
t = threading.Thread(target=swap)
t.start()
while time.monotonic() < end:
    fd = libc.open(path, os.O_RDWR)
    if fd >= 0:
        libc.write(fd, HEARD, len(HEARD))
        libc.close(fd)
t.join()
''',
}


class Ears:
    """Listeners of the host. Whatever comes in is a way out that was found."""

    def __init__(self, folder):
        self.heard, self.sockets = [], []
        self.abstract = f"pratique-test-{os.getpid()}"
        tcp = self.listen(socket.AF_INET6, ("::", 0), dual=True)
        self.port = tcp.getsockname()[1]
        self.datagrams(socket.AF_INET6, ("::", self.port), dual=True)
        self.listen(socket.AF_UNIX, f"{folder}/socket")
        os.chmod(f"{folder}/socket", 0o777)
        self.listen(socket.AF_UNIX, "\0" + self.abstract)
        self.datagrams(socket.AF_UNIX, "\0" + self.abstract + "-d")
        self.end = os.pipe()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def add(self, family, kind, address, dual):
        s = socket.socket(family, kind)
        if dual:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        s.bind(address)
        self.sockets.append(s)
        return s

    def listen(self, family, address, dual=False):
        s = self.add(family, socket.SOCK_STREAM, address, dual)
        s.listen()
        return s

    def datagrams(self, family, address, dual=False):
        self.add(family, socket.SOCK_DGRAM, address, dual)

    def run(self):
        while True:
            ready, _, _ = select.select([self.end[0], *self.sockets], [], [])
            if self.end[0] in ready:
                return
            for s in ready:
                self.hear(s)

    def hear(self, s):
        if s.type == socket.SOCK_DGRAM:
            self.heard.append((s.getsockname(), s.recv(100)))
            return
        c, _ = s.accept()
        c.settimeout(1)
        with c, contextlib.suppress(OSError):
            self.heard.append((s.getsockname(), "a connection"))
            self.heard.append((s.getsockname(), c.recv(100)))

    def close(self):
        os.write(self.end[1], b"x")
        self.thread.join()
        for s in self.sockets:
            s.close()
        for fd in self.end:
            os.close(fd)

    def work(self):
        """Whether they hear at all: the test of the test."""
        socket.create_connection(("127.0.0.1", self.port)).close()
        end = time.monotonic() + 5
        while not self.heard and time.monotonic() < end:
            time.sleep(0.01)
        heard, self.heard = self.heard, []
        return bool(heard)


def own_addresses():
    """Every address of this machine, as far as it is easily learned."""
    found = {"127.0.0.1", "::1", "0.0.0.0"}
    with contextlib.suppress(OSError):
        found |= {a[4][0].split("%")[0] for a in socket.getaddrinfo(socket.gethostname(), None)}
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as s:
            s.connect((address, 9))
            found.add(s.getsockname()[0])
    return sorted(found)


class SystemV:
    """A segment of memory that every process of the host's IPC namespace can attach."""

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.libc.shmat.restype = ctypes.c_void_p
        self.id = self.libc.shmget(SHM_KEY, 4096, 0o1666)
        self.at = self.libc.shmat(self.id, None, 0) if self.id >= 0 else None

    def content(self):
        return ctypes.string_at(self.at, 64) if self.at else b""

    def close(self):
        if self.at:
            self.libc.shmdt(ctypes.c_void_p(self.at))
        if self.id >= 0:
            self.libc.shmctl(self.id, 0, None)


def settings():
    """What a wheel might change of the kernel."""
    out = [os.uname().nodename]
    for p in ("core_pattern", "modprobe", "domainname"):
        with contextlib.suppress(OSError):
            out.append(pathlib.Path("/proc/sys/kernel", p).read_text())
    with contextlib.suppress(OSError):
        out.append(str("pratique-test-key" in pathlib.Path("/proc/keys").read_text()))
    return out


class Terminal:
    """A terminal that the program is started in; .pushed() is what somebody typed for us."""

    def __init__(self):
        self.main, self.sub = pty.openpty()
        mode = termios.tcgetattr(self.sub)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self.sub, termios.TCSANOW, mode)

    def pushed(self):
        n = array.array("i", [0])
        fcntl.ioctl(self.sub, termios.FIONREAD, n)
        return n[0]

    def close(self):
        os.close(self.main)
        os.close(self.sub)


class Stage:
    """The host as a wheel would find it."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.dir.chmod(0o777)
        (self.dir / "home").mkdir()
        for name in ("notes.txt", "open.txt", "home/.bashrc", "home/notes.txt"):
            (self.dir / name).write_text(SECRET + "\n")
            (self.dir / name).chmod(0o666)
        self.ears = Ears(folder)
        self.shm, self.terminal = SystemV(), Terminal()
        self.file = open(self.dir / "open.txt", "r+")
        self.folder = os.open(self.dir, os.O_RDONLY | os.O_DIRECTORY)
        self.pipe = os.pipe()
        os.set_blocking(self.pipe[0], False)
        self.files, self.settings = tree_hash(self.dir), settings()
        self.clock = time.time() - time.monotonic()

    def prologue(self):
        return PROLOGUE.format(port=self.ears.port, folder=str(self.dir), addresses=own_addresses(),
                               abstract=self.ears.abstract)

    def changed(self):
        """What is not as it was."""
        out = [f"heard {h}" for h in self.ears.heard]
        self.ears.heard = []
        if tree_hash(self.dir) != self.files:
            out.append("files of the host have changed")
            self.files = tree_hash(self.dir)
        if settings() != self.settings:
            out.append(f"the kernel's settings were {self.settings}, are {settings()}")
        if self.shm.content().strip(b"\0"):
            out.append("System V memory was written to")
        with contextlib.suppress(BlockingIOError):
            out.append(f"the inherited pipe got {os.read(self.pipe[0], 100)!r}")
        if self.terminal.pushed():
            out.append(f"{self.terminal.pushed()} characters were pushed into the terminal")
            termios.tcflush(self.terminal.sub, termios.TCIFLUSH)
        if abs(time.time() - time.monotonic() - self.clock) > 5:
            out.append("the clock was set")
        return out

    def close(self):
        self.ears.close()
        self.shm.close()
        self.terminal.close()
        self.file.close()
        for fd in (self.folder, *self.pipe):
            os.close(fd)


def watch(stage, wheel, python, options=(), user=None):
    """The program with a terminal, and with descriptors that it should pass on to nobody."""
    fds = (stage.file.fileno(), stage.folder, stage.pipe[1])

    def in_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    more = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
    child = subprocess.Popen(
        [PROGRAM, "watch", "--format", "json", "--python", python, *options, str(wheel)], cwd=stage.dir,
        env={**os.environ, "HOME": str(stage.dir / "home"), "GITHUB_TOKEN": SECRET, "PRATIQUE_HOST": SECRET},
        stdin=stage.terminal.sub, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=fds,
        preexec_fn=in_terminal, **more)
    try:
        out, err = child.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        child.kill()
        return Watched(-9, b"", "no end " + child.communicate()[1].decode(errors="replace")[-300:])
    return Watched(child.returncode, out, err.decode(errors="replace"))


def trouble(stage, name, code, w, host):
    out = stage.changed()
    if w.report is None:
        out.append(f"no report: {w.verdict} {w.err[-300:]}")
    elif SECRET in json.dumps(w.report):
        out.append("the host's secret is in the report")
    elif len(w.report["artifacts"]) != 1:
        out.append("the report is forged")
    if w.verdict not in ("hold", "refuse", "undecided") + (("admit",) if code.startswith("#admit") else ()):
        out.append(f"verdict {w.verdict}")
    return out + host.after(3)


def python_of_nobody(python):
    """An interpreter that an ordinary user can run, as he must the program; None: there is none."""
    if os.getuid() != 0 or not readable(PROGRAM):
        return None
    names = [python] + [f"/usr/bin/python3{n}" for n in ("", ".9", ".10", ".11", ".12", ".13", ".14")]
    return next((p for p in names if os.path.exists(p) and readable(p) and runs(p)), None)


def readable(path):
    """Whether others may reach the file."""
    path = pathlib.Path(shutil.which(path) or path).resolve()
    return all(p.stat().st_mode & 1 for p in [path, *path.parents])


def main():
    python, words, n, bad = find_python(), sys.argv[1:], 0, 0
    nobodys = python_of_nobody(python)
    users = [(None, python)] + ([(NOBODY, nobodys)] if nobodys else [])
    names = [x for x in ESCAPES if not words or any(w in x for w in words)]
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder, \
            tempfile.TemporaryDirectory(prefix="pratique-wheels-") as wheels:
        os.chmod(wheels, 0o755)
        stage = Stage(folder)
        assert stage.ears.work(), "the ears are deaf"
        host = Host()
        try:
            for name in names:
                file, data = make_wheels.make(f"escape_{name}", {
                    f"escape_{name}/__init__.py": stage.prologue() + ESCAPES[name]}, make_wheels.Builder(python))
                path = pathlib.Path(wheels) / file
                path.write_bytes(data)
                for user, runner in users:
                    w = watch(stage, path, runner, ("--one-pass",) if user else (), user)
                    wrong, n = trouble(stage, name, ESCAPES[name], w, host), n + 1
                    bad += bool(wrong)
                    print("".join(f"# {x}\n" for x in wrong) + f"{'not ok' if wrong else 'ok'} {n} - {name}"
                          + (" as an ordinary user" if user else "") + f": {w.verdict}", flush=True)
                    for pid in set(descendants()) - host.processes:  # they would spoil the rest
                        with contextlib.suppress(OSError):
                            os.kill(pid, 9)
                    reap()
        finally:
            stage.close()
    print(f"1..{n}")
    return 1 if bad else 0


if __name__ == "__main__":
    skip_unless_full("escapes.py")
    sys.exit(main())

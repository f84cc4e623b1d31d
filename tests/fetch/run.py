#!/usr/bin/env python3
"""pratique lock, pratique fetch: the right bytes under the right name, or nothing there."""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import _server  # noqa: E402
from _tap import (ADMIT, PROGRAM, STOPPED, UNDECIDED, USAGE, Skip, equal, main, run,  # noqa: E402
                  test)

CONTENT = bytes(random.Random(7).randbytes(300000))
SHA = hashlib.sha256(CONTENT).hexdigest()
HERE = "manylinux_2_5_x86_64.manylinux_2_17_aarch64"
PLACE = "pkg/_native.abi3.so"
KILLS = int(os.environ.get("PRATIQUE_KILLS", "30"))

_world = {}


def world():
    """Certificates and servers, made once."""
    if _world:
        return _world
    d = _world["folder"] = tempfile.mkdtemp(prefix="pratique-test-")
    _server.make_ca(d, "ca")
    _server.make_ca(d, "stranger")
    _server.make_certificate(d, "good", "ca", ["127.0.0.1", "localhost"])
    _server.make_certificate(d, "elsewhere", "ca", ["elsewhere.example"])
    _server.make_certificate(d, "expired", "ca", ["127.0.0.1"], days=-1)
    _server.make_certificate(d, "unknown", "stranger", ["127.0.0.1"])
    files = {"file": CONTENT}
    for name in ("good", "elsewhere", "expired", "unknown"):
        _world[name] = _server.start(files, d, name)
    _world["plain"] = _server.start(files)
    _world["second"] = _server.start(files, d, "good")
    for name in ("good", "second"):
        _world[name].plain_port = _world["plain"].port
        _world[name].other = f"https://localhost:{_world['second'].port}"
    _world["files"] = files
    return _world


def url(how, server="good", file="file"):
    """how may have a path of its own."""
    if "/" in how:
        return f"{world()[server].url}/{how}"
    return f"{world()[server].url}/{how}/{file}"


def entry(**more):
    return {"name": PLACE, "platform": HERE, "abi": "abi3", "urls": [url("good")], "sha256": SHA,
            "size": len(CONTENT), **more}


def lock_of(*files):
    return {"format": "pratique-lock-1", "package": "a3s-code", "version": "3.2.1",
            "files": list(files)}


class Case:
    def __init__(self, root):
        self.root, self.cache, self.to = root, root / "cache", root / "to"
        self.lock = root / "pratique.lock"

    def write(self, *files):
        self.lock.write_text(json.dumps(lock_of(*files), indent=2))

    def command(self, *args):
        return ["fetch", "--lock", str(self.lock), "--to", str(self.to), "--cache",
                str(self.cache), "--cacert", f"{world()['folder']}/ca.pem", *args]

    def fetch(self, *args, **kw):
        env = {"PRATIQUE_OFFLINE": "", "PRATIQUE_MIRROR": "", **kw.pop("env", {})}
        return run(*self.command(*args), env=env, **kw)

    def placed(self):
        return {str(p.relative_to(self.to)): p.read_bytes() for p in self.to.rglob("*")
                if p.is_file()} if self.to.exists() else {}

    def clean(self):
        """Whatever has a final name has the right bytes; nothing unfinished lies beside it."""
        for name, content in self.placed().items():
            equal(name, PLACE)
            assert content == CONTENT, "wrong bytes under the final name"
        for p in (self.cache / "sha256").rglob("*"):
            if p.is_file():
                equal(hashlib.sha256(p.read_bytes()).hexdigest(), p.name)


@contextlib.contextmanager
def case(*files):
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as name:
        c = Case(pathlib.Path(name).resolve())
        if files:
            c.write(*files)
        yield c


def text(done):
    return (done.stdout + done.stderr).decode("utf-8")


def asked(how, server="good"):
    return [a for a in world()[server].asked if a[0].startswith(f"/{how}/")]


def forget():
    for server in ("good", "second", "plain"):
        world()[server].asked.clear()


# ---- what a server does ----

# what it does, status, whether the file is there, what is said
SERVED = [
    ("good", ADMIT, ""),
    ("missing", UNDECIDED, "404"),
    ("down", UNDECIDED, "503"),
    ("other", STOPPED, "its SHA-256 is not the one in the lock"),
    ("small", STOPPED, "it has 299999 bytes there, and the lock says 300000"),
    ("large", STOPPED, "it has 300001 bytes there"),
    ("endless", STOPPED, "more bytes come than the lock says"),
    ("short-unsaid", STOPPED, "fewer bytes came"),
    ("truncated", UNDECIDED, "closed|EOF|end of response|bytes remaining|reset"),
    ("drop", ADMIT, ""),
    ("changing", UNDECIDED, "closed|EOF|end of response|bytes remaining|reset"),
    ("to-http", UNDECIDED, "(?i)protocol .?http"),
    ("to-file", UNDECIDED, "(?i)protocol .?file"),
    ("to-other", ADMIT, ""),
    ("round", UNDECIDED, "redirect"),
    ("hints", ADMIT, ""),
    ("partial", STOPPED, "answers with 206"),
    ("false-tag", STOPPED, "its SHA-256 is not the one"),
    ("false-tag-once", ADMIT, ""),
    ("false-start", STOPPED, "answers with 206"),
    ("gzip", STOPPED, "SHA-256|bytes"),
    ("gzip-bomb", STOPPED, "bytes"),
    ("trailers", ADMIT, ""),
    ("chunks-cut", UNDECIDED, "closed|EOF|transfer"),
    ("chunks-wrong", UNDECIDED, "hunk|ncoding|llegal|losed|ecv"),
    ("empty", STOPPED, "no bytes"),
    ("nothing", STOPPED, "no bytes|204"),
    ("unchanged", STOPPED, "no bytes|304"),
    ("headers", UNDECIDED, "headers do not end|eader"),
    ("header", UNDECIDED, "emory|eader"),
    ("longer", ADMIT, ""),
    ("length/file?-1", UNDECIDED, ""),
    ("length/file?99999999999999999999", ADMIT, ""),  # libcurl: as if none were said
    ("length/file?9223372036854775807", STOPPED, "and the lock says 300000"),
    ("length/file?300000x", ADMIT, ""),
    ("length/file?", UNDECIDED, "Content-Length"),
    ("lengths", STOPPED, "7 bytes there|300000"),
    ("old", UNDECIDED, "0.9"),
    ("reset", UNDECIDED, "reset|eset|closed|EOF|rror"),
    ("to-user", ADMIT, ""),
    ("to-nowhere", UNDECIDED, ""),
    ("to-data", UNDECIDED, "(?i)protocol|scheme"),
    ("to-body", UNDECIDED, "404"),
    ("error-body", UNDECIDED, "500"),
]


def served(how, status, said):
    world()["good"].version = 0
    with case(entry(urls=[url(how)])) as c:
        done = c.fetch()
        equal(done.returncode, status, f"{how}: {text(done)}")
        assert re.search(said, text(done)), f"{how}: {text(done)}"
        equal(list(c.placed()), [PLACE] if status == ADMIT else [], how)
        c.clean()
        for line in text(done).splitlines():
            assert line.isprintable(), line


def add_served(how, status, said):
    def one():
        served(how, status, said)
    one.__name__ = "served_" + re.sub(r"[-/?]", "_", how)
    test(one)


for _row in SERVED:
    add_served(*_row)


HTTP2 = [  # what is done, its end, whether it must be the file
    ("good", lambda c, data: c.sendall(answer2() + data2(data, True)), ADMIT),
    ("other", lambda c, data: c.sendall(answer2() + data2(bytes(len(data)), True)), STOPPED),
    ("reset", lambda c, data: c.sendall(answer2() + data2(data[:99999]) + _server.frame(3, 0, 1, b"\0\0\0\2")),
     UNDECIDED),
    ("refused", lambda c, data: c.sendall(_server.frame(3, 0, 1, b"\0\0\0\7")), UNDECIDED),
    ("away", lambda c, data: c.sendall(answer2() + data2(data[:99999]) + _server.frame(7, 0, 0, bytes(8))), UNDECIDED),
    ("short", lambda c, data: c.sendall(answer2() + data2(data[:-1], True)), STOPPED),
    ("long", lambda c, data: c.sendall(answer2() + data2(data + b"x", True)), STOPPED),
    ("unasked", lambda c, data: c.sendall(_server.frame(0, 1, 1, data[:16000])), UNDECIDED),
    ("headers", lambda c, data: [c.sendall(_server.frame(1 if i == 0 else 9, 0, 1, b"\x10\x01a\x01b" * 3000))
                                 for i in range(200)], UNDECIDED),
    ("pushed", lambda c, data: c.sendall(_server.frame(5, 4, 1, b"\0\0\0\2\x88") + _server.frame(1, 4, 2, b"\x88")
                                         + _server.frame(0, 1, 2, data[:16000])), UNDECIDED),
    ("nonsense", lambda c, data: c.sendall(data), UNDECIDED),
]


def answer2():
    return _server.frame(1, 4, 1, b"\x88")  # ":status 200", by its number in the table


def data2(data, end=False):
    parts = [data[i:i + 16000] for i in range(0, len(data), 16000)]
    return b"".join(_server.frame(0, int(end and part is parts[-1]), 1, part) for part in parts)


@test
def http2_that_breaks_off_or_lies():
    for what, act, status in HTTP2:
        def answer(c, act=act):
            act(c, CONTENT)
            c.settimeout(5)
            while c.recv(65536):
                pass
        with case(entry(urls=[_server.start_http2(answer, world()["folder"], "good")])) as c:
            done = c.fetch("--timeout", "2")
            equal(done.returncode, status, f"{what}: {text(done)}")
            equal(list(c.placed()), [PLACE] if status == ADMIT else [], what)
            c.clean()


@test
def a_proxy_that_lies_is_not_believed():
    import socket
    for said in (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + CONTENT,
                 b"HTTP/1.1 407 No\r\nContent-Length: 300000\r\n\r\n" + CONTENT, b"", CONTENT):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def answer():
                while True:
                    try:
                        c, _ = listener.accept()
                    except OSError:
                        return
                    with contextlib.suppress(OSError), c:
                        c.recv(65536)
                        c.sendall(said)
            threading.Thread(target=answer, daemon=True).start()
            with case(entry()) as c:
                proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
                done = c.fetch("--timeout", "2", env={"https_proxy": proxy, "no_proxy": ""})
                equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
                c.clean()
            listener.shutdown(socket.SHUT_RDWR)


@test
def a_slow_server_that_is_fast_enough_is_waited_for():
    with case(entry(urls=[url("leisure")])) as c:
        equal(c.fetch("--timeout", "1").returncode, ADMIT)


@test
def what_the_environment_says_does_not_open_the_way():
    forget()
    for env in ({"CURL_CA_BUNDLE": f"{world()['folder']}/stranger.pem"}, {"SSLKEYLOGFILE": "keys"},
                {"CURL_HOME": "/nonexistent"}, {"HOME": ""}):
        with case(entry(urls=[url("good", "unknown")])) as c:
            env = {k: str(c.root / v) if v == "keys" else v for k, v in env.items()}
            done = c.fetch(env=env)
            equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
            c.write(entry())
            equal(c.fetch(env=env).returncode, ADMIT)
            assert not (c.root / "keys").exists(), "the keys of the connection were written"
    with case(entry()) as c:
        args = [a for a in c.command() if a not in ("--cache", str(c.cache))]
        for home, cache, want in (("", "", USAGE), ("", "relative", USAGE), ("relative", "relative", USAGE),
                                  (str(c.root), "relative", ADMIT)):
            done = run(*args, env={"HOME": home, "XDG_CACHE_HOME": cache})
            equal(done.returncode, want, text(done))
        assert (c.root / ".cache/pratique").is_dir()


@test
def connections_that_drop_at_every_64_kib_are_gone_on_with():
    forget()
    with case(entry(urls=[url("drop")])) as c:
        equal(c.fetch().returncode, ADMIT)
        c.clean()
    ranges = [r for _, r in asked("drop")]
    equal(ranges, [None] + [f"bytes={i}-" for i in range(65536, 300000, 65536)])


@test
def nobody_is_asked_by_http_after_a_redirect():
    forget()
    with case(entry(urls=[url("to-http")])) as c:
        equal(c.fetch().returncode, UNDECIDED)
    equal(world()["plain"].asked, [])


@test
def certificates_are_checked():
    for server, said in [("expired", "expired"), ("elsewhere", "alternative certificate subject|subject name"),
                         ("unknown", "unable to get local issuer|self.signed")]:
        with case(entry(urls=[url("good", server)])) as c:
            done = c.fetch()
            equal((done.returncode, c.placed()), (UNDECIDED, {}), f"{server}: {text(done)}")
            assert re.search(said, text(done)), f"{server}: {text(done)}"


@test
def the_systems_certificates_are_not_those_of_the_test():
    with case(entry()) as c:
        args = [a for a in c.command() if a != "--cacert" and not a.endswith("ca.pem")]
        equal(run(*args).returncode, UNDECIDED)
        done = run(*args, env={"SSL_CERT_FILE": f"{world()['folder']}/ca.pem"})
        equal(done.returncode, ADMIT, text(done))


@test
def slow_and_silent_servers_are_given_up():
    for how in ("slow", "silent"):
        with case(entry(urls=[url(how)])) as c:
            begun = time.monotonic()
            done = c.fetch("--timeout", "2")
            equal((done.returncode, c.placed()), (UNDECIDED, {}), how)
            assert time.monotonic() - begun < 15, how


@test
def nobody_listens():
    with case(entry(urls=[f"https://127.0.0.1:{_server.unused_port()}/file"])) as c:
        done = c.fetch()
        equal(done.returncode, UNDECIDED, text(done))
        assert "onnect" in text(done)


@test
def mirrors_are_tried_in_order_and_each_failure_is_told():
    forget()
    urls = [url("missing"), url("other"), url("truncated"), url("good", "second"), url("down")]
    with case(entry(urls=urls)) as c:
        done = c.fetch()
        equal(done.returncode, ADMIT, text(done))
        for u in urls[:3]:
            assert f"fetch: {u}: " in text(done), text(done)
        assert f"from {urls[3]}" in text(done)
        c.clean()
    equal(asked("down"), [])


# ---- the cache ----

@test
def a_second_fetch_asks_nobody():
    with case(entry()) as c:
        equal(c.fetch().returncode, ADMIT)
        forget()
        done = c.fetch()
        assert "there already" in text(done)
        shutil.rmtree(c.to)
        equal(c.fetch().returncode, ADMIT)
        equal(asked("good"), [])
        equal(stat.S_IMODE(c.cache.stat().st_mode), 0o700)
        c.clean()


@test
def a_corrupt_entry_of_the_cache_is_found_and_replaced():
    spoils = [lambda p: p.write_bytes(CONTENT[:-1] + b"x"), lambda p: p.write_bytes(b""),
              lambda p: (p.unlink(), p.symlink_to("/etc/passwd"))]
    for spoil in spoils:
        with case(entry()) as c:
            equal(c.fetch().returncode, ADMIT)
            shutil.rmtree(c.to)
            spoil(c.cache / "sha256" / SHA[:2] / SHA)
            done = c.fetch()
            equal(done.returncode, ADMIT, text(done))
            assert "not what it is called" in text(done), text(done)
            assert not (c.cache / "sha256" / SHA[:2] / SHA).is_symlink()
            c.clean()


@test
def what_is_in_the_place_and_is_wrong_is_replaced():
    with case(entry()) as c:
        (c.to / "pkg").mkdir(parents=True)
        (c.to / PLACE).write_bytes(b"x" * len(CONTENT))
        done = c.fetch()
        equal(done.returncode, ADMIT, text(done))
        assert "replaced" in text(done)
        (c.to / PLACE).unlink()
        (c.root / "outside").write_bytes(b"kept")
        (c.to / PLACE).symlink_to(c.root / "outside")
        equal(c.fetch().returncode, ADMIT)
        equal((c.root / "outside").read_bytes(), b"kept")
        c.clean()


@test
def a_folder_that_is_a_link_is_not_followed():
    with case(entry()) as c:
        c.to.mkdir()
        (c.root / "outside").mkdir()
        (c.to / "pkg").symlink_to(c.root / "outside")
        done = c.fetch()
        equal(done.returncode, UNDECIDED, text(done))
        equal(list((c.root / "outside").iterdir()), [])


def hard_link(p, c):
    (c.root / "private").write_bytes(b"kept" * 75000)
    os.chmod(c.root / "private", 0o600)
    os.link(c.root / "private", p)


def sparse(p, c):
    with open(p, "wb") as f:
        f.truncate(len(CONTENT))


def of_somebody(p, c):
    p.write_bytes(CONTENT)
    if os.geteuid() == 0:
        os.chown(p, pwd.getpwnam("nobody").pw_uid, -1)


SPOILS = [("fifo", lambda p, c: os.mkfifo(p)), ("folder", lambda p, c: p.mkdir()), ("hard link", hard_link),
          ("device", lambda p, c: p.symlink_to("/dev/zero")), ("loop", lambda p, c: p.symlink_to(p.name)),
          ("sparse", sparse), ("somebody's", of_somebody), ("unreadable", lambda p, c: (p.write_bytes(b"x"), p.chmod(0)))]


@test
def whatever_lies_where_the_cache_has_its_files():
    """Nothing hangs, nothing that is elsewhere is written to, and what is brought is right."""
    for what, spoil in SPOILS:
        for name in (f"sha256/{SHA[:2]}/{SHA}", f"tmp/{SHA}.part", f"tmp/{SHA}.lock"):
            with case(entry()) as c:
                for folder in ("cache", "cache/tmp", "cache/sha256", f"cache/sha256/{SHA[:2]}"):
                    (c.root / folder).mkdir(mode=0o700)
                spoil(c.cache / name, c)
                done = c.fetch(timeout=20)
                want = (UNDECIDED, ADMIT) if what in ("folder", "device", "loop") else (ADMIT,)
                assert done.returncode in want, (what, name, text(done))
                equal(list(c.placed()), [PLACE] if done.returncode == ADMIT else [], what)
                if what == "hard link":
                    equal((c.root / "private").read_bytes(), b"kept" * 75000, name)
                c.clean()


@test
def whatever_lies_where_it_goes():
    for what, spoil in SPOILS:
        with case(entry()) as c:
            (c.to / "pkg").mkdir(parents=True)
            spoil(c.to / PLACE, c)
            done = c.fetch(timeout=20)
            equal(done.returncode, UNDECIDED if what == "folder" else ADMIT, f"{what}: {text(done)}")
            if what == "hard link":
                equal((c.root / "private").read_bytes(), b"kept" * 75000)
            c.clean()


@test
def whatever_lies_in_a_mirror():
    for what, spoil in SPOILS:
        with case(entry()) as c:
            (c.root / "mirror").mkdir()
            spoil(c.root / "mirror" / SHA, c)
            done = c.fetch("--mirror", str(c.root / "mirror"), "--offline", timeout=20)
            equal(list(c.placed()), [PLACE] if what == "somebody's" else [], f"{what}: {text(done)}")
            c.clean()


@test
def caches_that_others_could_write_to_are_refused():
    for what in ("cache", "cache/sha256", "cache/tmp"):
        with case(entry()) as c:
            for name in ("cache", "cache/sha256", "cache/tmp"):
                (c.root / name).mkdir(mode=0o700)
            (c.root / what).chmod(0o777)
            done = c.fetch()
            equal((done.returncode, c.placed()), (USAGE, {}), what)
            assert "others may write to it" in text(done), text(done)
    with case(entry()) as c:
        c.cache.mkdir(mode=0o700)
        (c.root / "elsewhere").mkdir(mode=0o700)
        (c.cache / "sha256").symlink_to(c.root / "elsewhere")
        equal(c.fetch().returncode, USAGE)


@test
def a_cache_that_cannot_be_made_is_told_with_the_way_out():
    with case(entry()) as c:
        c.cache.write_bytes(b"a file")
        done = c.fetch()
        equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
        assert "--cache" in text(done), text(done)


@contextlib.contextmanager
def mounted(where, options):
    where.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", where],
                                           capture_output=True).returncode != 0:
        raise Skip("tmpfs cannot be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", where], check=True)


@test
def a_full_disk_leaves_nothing():
    with case(entry()) as c, mounted(c.cache, "size=200k,mode=0700"):
        done = c.fetch()
        equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
        assert "No space left" in text(done) and "make room" in text(done), text(done)
        c.clean()
    with case(entry()) as c, mounted(c.to, "size=200k"):
        done = c.fetch()
        equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
        assert "No space left" in text(done), text(done)


@test
def a_full_disk_at_every_stage():
    """Of the cache and of where it goes; blocks, then names; a file, then a member."""
    tried = set()
    for options in ("size=64k", "size=320k", "nr_inodes=2", "nr_inodes=4", "nr_inodes=5", "nr_inodes=6"):
        for where in ("cache", "to"):
            for member in (False, True):
                with case() as c, mounted(c.root / where, options + ",mode=0700"):
                    path = archive(c)
                    world()["files"]["wheel"] = path.read_bytes()
                    c.write({**member_entry(path), "urls": [url("good", file="wheel")]} if member else entry())
                    done = c.fetch()
                    assert done.returncode in (ADMIT, UNDECIDED), (options, where, member, text(done))
                    equal(list(c.placed()), [PLACE] if done.returncode == ADMIT else [], text(done))
                    assert done.returncode == ADMIT or "space" in text(done) or "room" in text(done), text(done)
                    c.clean()
                    tried.add(done.returncode)
    equal(tried, {ADMIT, UNDECIDED})


@test
def a_read_only_cache_serves_what_it_has():
    with case(entry()) as c, mounted(c.cache, "mode=0700"):
        equal(c.fetch().returncode, ADMIT)
        shutil.rmtree(c.to)
        subprocess.run(["mount", "-o", "remount,ro", c.cache], check=True)
        equal(c.fetch().returncode, ADMIT)
        shutil.rmtree(c.to)
        other = bytes(reversed(CONTENT))
        world()["files"]["other"] = other
        c.write(entry(sha256=hashlib.sha256(other).hexdigest(), urls=[url("good", file="other")]))
        done = c.fetch()
        equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
        assert "Read-only" in text(done) and "--cache" in text(done), text(done)


@test
def an_ordinary_user_has_a_cache_of_his_own():
    if os.geteuid() != 0:
        raise Skip("for root alone")
    user = pwd.getpwnam("nobody")
    with case(entry()) as c:
        os.chmod(c.root, 0o777)
        shutil.copy(f"{world()['folder']}/ca.pem", c.root / "ca.pem")
        shutil.copy(PROGRAM, c.root / "pratique")
        command = [str(c.root / "pratique"), *c.command("--cacert", str(c.root / "ca.pem"))]
        done = subprocess.run(command, capture_output=True, user=user.pw_uid, group=user.pw_gid,
                              extra_groups=[], timeout=60)
        equal(done.returncode, ADMIT, text(done))
        shutil.rmtree(c.to)
        done = c.fetch()  # root does not take somebody else's
        equal(done.returncode, USAGE, text(done))
        assert "another user" in text(done)


@test
def processes_at_the_same_time_download_once():
    forget()
    big = random.Random(3).randbytes(2000000)
    world()["files"]["big"] = big
    with case(entry(urls=[url("brake", file="big")], size=len(big),
                    sha256=hashlib.sha256(big).hexdigest())) as c:
        started = []
        for i in range(4):
            command = c.command()
            command[4] = str(c.root / f"to{i}")
            started.append(subprocess.Popen([PROGRAM, *command], stdout=subprocess.PIPE,
                                            stderr=subprocess.STDOUT))
        for i, p in enumerate(started):
            said, _ = p.communicate(timeout=60)
            equal(p.returncode, ADMIT, said.decode())
            equal((c.root / f"to{i}" / PLACE).read_bytes(), big)
        equal(len(asked("brake")), 1)
        equal(list((c.cache / "tmp").iterdir()), [])


@test
def processes_that_fetch_to_the_same_place():
    with case(entry(urls=[url("drop")])) as c:
        started = [subprocess.Popen([PROGRAM, *c.command("-q")]) for _ in range(6)]
        equal([p.wait(timeout=60) for p in started], [ADMIT] * 6)
        equal(c.placed(), {PLACE: CONTENT})
        equal([p.name for p in (c.to / "pkg").iterdir()], ["_native.abi3.so"])
        c.clean()


def meanwhile(act):
    """Does it again and again until the block ends."""
    @contextlib.contextmanager
    def block():
        stop = threading.Event()

        def go():
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    act()
        acting = threading.Thread(target=go)
        acting.start()
        try:
            yield
        finally:
            stop.set()
            acting.join()
    return block()


@test
def what_changes_while_it_is_read_is_right_or_not_there():
    bad = bytes(len(CONTENT))
    with case(entry(urls=["file:file"])) as c:
        (c.root / "file").write_bytes(CONTENT)

        def flip(path):
            with open(path, "r+b") as f:
                f.write(bad)
                f.seek(0)
                f.write(CONTENT)
        for path, args in [(c.root / "file", ["--offline"]), (c.cache / "sha256" / SHA[:2] / SHA, [])]:
            if args == []:
                c.write(entry(urls=[url("good")]))
                equal(c.fetch("--to", str(c.root / "first")).returncode, ADMIT)
            with meanwhile(lambda path=path: flip(path)):
                for _ in range(12):
                    shutil.rmtree(c.to, ignore_errors=True)
                    done = c.fetch("-q", *args)
                    assert done.returncode in (ADMIT, STOPPED, UNDECIDED), text(done)
                    equal(c.placed(), {PLACE: CONTENT} if done.returncode == ADMIT else {})


@test
def a_folder_that_becomes_a_link_is_not_followed():
    with case(entry(urls=["file:file"])) as c:
        (c.root / "file").write_bytes(CONTENT)
        (c.root / "outside").mkdir()
        c.to.mkdir()

        def flip():
            with contextlib.suppress(OSError):
                (c.to / "pkg").rename(c.to / "real")
            (c.to / "pkg").symlink_to(c.root / "outside")
            (c.to / "pkg").unlink()
            with contextlib.suppress(OSError):
                (c.to / "real").rename(c.to / "pkg")
        with meanwhile(flip):
            for _ in range(20):
                c.fetch("-q", "--offline")
                equal(list((c.root / "outside").iterdir()), [])


@test
def many_files_at_once():
    with case(*(entry(name=f"pkg/{i % 7}/{i}.so", urls=["file:file"]) for i in range(1024))) as c:
        (c.root / "file").write_bytes(CONTENT)
        for e in (files := json.loads(c.lock.read_text()))["files"]:
            e["size"], e["sha256"] = 1, hashlib.sha256(b"x").hexdigest()
        (c.root / "file").write_bytes(b"x")
        c.lock.write_text(json.dumps(files))
        done = c.fetch("-q", "--offline")
        equal((done.returncode, set(c.placed().values()), len(c.placed())), (ADMIT, {b"x"}, 1024), text(done))


@test
def killed_at_any_moment_it_leaves_no_bad_file():
    clock = random.Random(11)
    big = random.Random(3).randbytes(1500000)
    sha = hashlib.sha256(big).hexdigest()
    world()["files"]["big"] = big
    with case(entry(urls=[url("brake", file="big")], size=len(big), sha256=sha)) as c:
        finished = 0
        for _ in range(KILLS):
            p = subprocess.Popen([PROGRAM, *c.command("-q")], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                p.wait(timeout=clock.uniform(0, 0.2))
            p.send_signal(signal.SIGKILL)
            finished += p.wait() == 0
            for content in c.placed().values():
                assert content == big, "wrong bytes under the final name"
            for f in (c.cache / "sha256").rglob("*"):
                assert not f.is_file() or f.read_bytes() == big, "wrong bytes in the cache"
            if (c.to / PLACE).exists():
                shutil.rmtree(c.to)
                shutil.rmtree(c.cache)
        equal(c.fetch().returncode, ADMIT)
        equal((c.to / PLACE).read_bytes(), big)


@test
def what_a_killed_process_left_is_gone_on_with():
    for kept, right in ((100000, True), (100000, False), (300000, True), (300000, False)):
        forget()
        with case(entry()) as c:
            (c.cache / "tmp").mkdir(parents=True, mode=0o700)
            c.cache.chmod(0o700)
            (c.cache / f"tmp/{SHA}.part").write_bytes(CONTENT[:kept] if right else b"x" * kept)
            done = c.fetch()
            equal(done.returncode, ADMIT, text(done))
            want = {(100000, True): ["bytes=100000-"], (100000, False): ["bytes=100000-", None],
                    (300000, True): [], (300000, False): [None]}[kept, right]
            equal([r for _, r in asked("good")], want, str((kept, right)))
            c.clean()


@test
def what_was_left_long_ago_is_removed():
    with case(entry()) as c:
        (c.cache / "tmp").mkdir(parents=True, mode=0o700)
        c.cache.chmod(0o700)
        old = c.cache / f"tmp/{'0' * 64}.part"
        old.write_bytes(b"x")
        os.utime(old, (1, 1))
        equal(c.fetch().returncode, ADMIT)
        equal(list((c.cache / "tmp").iterdir()), [])


@test
def a_part_that_is_a_link_is_not_written_through():
    with case(entry()) as c:
        (c.cache / "tmp").mkdir(parents=True, mode=0o700)
        c.cache.chmod(0o700)
        (c.root / "outside").write_bytes(b"kept")
        (c.cache / f"tmp/{SHA}.part").symlink_to(c.root / "outside")
        equal(c.fetch().returncode, ADMIT)
        equal((c.root / "outside").read_bytes(), b"kept")


@test
def another_that_hangs_is_waited_for():
    with case(entry()) as c:
        (c.cache / "tmp").mkdir(parents=True, mode=0o700)
        c.cache.chmod(0o700)
        with open(c.cache / f"tmp/{SHA}.lock", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            timer = threading.Timer(1, lambda: fcntl.flock(held, fcntl.LOCK_UN))
            timer.start()
            begun = time.monotonic()
            equal(c.fetch().returncode, ADMIT)
            assert time.monotonic() - begun > 0.8
            timer.join()


# ---- without a network ----

@test
def offline_says_what_to_bring_and_where():
    forget()
    for env, args in [({"PRATIQUE_OFFLINE": "1"}, []), ({"A3S_CODE_OFFLINE": "yes"}, []),
                      ({}, ["--offline"])]:
        with case(entry()) as c:
            done = c.fetch(*args, env={**env, "PRATIQUE_MIRROR": str(c.root)})
            equal((done.returncode, c.placed()), (UNDECIDED, {}), text(done))
            for word in (SHA, "300000 bytes", url("good"), f"{c.root}/file",
                         f"{c.cache}/sha256/{SHA[:2]}/{SHA}"):
                assert word in text(done), (word, text(done))
    equal(asked("good"), [])
    with case(entry(urls=["https://files.example.org/get?file=7"])) as c:
        done = c.fetch("--offline", "--mirror", str(c.root))
        assert f"bring      {SHA}" in text(done), text(done)
        (c.root / SHA).write_bytes(CONTENT)
        equal(c.fetch("--offline", "--mirror", str(c.root)).returncode, ADMIT)
    for value in ("0", "false", "", "no", "OFF"):
        with case(entry()) as c:
            equal(c.fetch(env={"PRATIQUE_OFFLINE": value, "A3S_CODE_OFFLINE": value}).returncode,
                  ADMIT, value)


@test
def a_mirror_serves_by_hash_by_url_and_by_name():
    forget()
    for name in (f"sha256/{SHA[:2]}/{SHA}", SHA, "file", PLACE):
        for offline in ("1", "0"):
            with case(entry()) as c:
                path = c.root / "mirror" / name
                path.parent.mkdir(parents=True)
                path.write_bytes(CONTENT)
                done = c.fetch(env={"PRATIQUE_MIRROR": str(c.root / "mirror"),
                                    "PRATIQUE_OFFLINE": offline})
                equal(done.returncode, ADMIT, text(done))
                c.clean()
    equal(asked("good"), [])


@test
def a_mirror_is_not_believed():
    with case(entry()) as c:
        (c.root / "mirror").mkdir()
        (c.root / "mirror/file").write_bytes(b"x" * len(CONTENT))
        done = c.fetch(env={"PRATIQUE_MIRROR": str(c.root / "mirror"), "PRATIQUE_OFFLINE": "1"})
        equal((done.returncode, c.placed()), (STOPPED, {}), text(done))
        done = c.fetch("--mirror", str(c.root / "mirror"))
        equal(done.returncode, ADMIT, text(done))
        assert "mirror/file: its SHA-256" in text(done), text(done)
        c.clean()


@test
def a_file_beside_the_lock_needs_no_network():
    with case(entry(urls=["file:dist/native.so"])) as c:
        done = c.fetch("--offline")
        equal(done.returncode, UNDECIDED, text(done))
        (c.root / "dist").mkdir()
        (c.root / "dist/native.so").write_bytes(CONTENT)
        done = c.fetch("--offline")
        equal(done.returncode, ADMIT, text(done))
        c.clean()


@test
def nothing_turns_the_hash_off():
    with case(entry(urls=[url("other")])) as c:
        for name in ("PRATIQUE_NO_VERIFY", "PRATIQUE_SKIP_VERIFY", "A3S_CODE_SKIP_VERIFY",
                     "PRATIQUE_INSECURE"):
            equal((c.fetch(env={name: "1"}).returncode, c.placed()), (STOPPED, {}))
        for option in ("--insecure", "-k0", "--no-verify", "--no-check-certificate", "--skip-hash"):
            equal(c.fetch(option).returncode, USAGE, option)


# ---- members ----

def archive(c, content=CONTENT, method=zipfile.ZIP_DEFLATED, name=PLACE):
    path = c.root / "pkg-1.0-cp311-abi3-manylinux_2_17_x86_64.whl"
    with zipfile.ZipFile(path, "w", method) as z:
        z.writestr("pkg/__init__.py", "")
        z.writestr(name, content)
    return path


def member_entry(path, **more):
    data = path.read_bytes()
    return entry(urls=["file:" + path.name], sha256=hashlib.sha256(data).hexdigest(),
                 size=len(data), member=PLACE, member_sha256=SHA, member_size=len(CONTENT), **more)


@test
def a_member_is_taken_out_of_an_archive():
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with case() as c:
            c.write(member_entry(archive(c, method=method)))
            done = c.fetch()
            equal((done.returncode, c.placed()), (ADMIT, {PLACE: CONTENT}), text(done))
            assert "there already" in text(c.fetch())


@test
def a_member_from_the_network_and_without_a_place():
    with case() as c:
        path = archive(c)
        world()["files"]["wheel"] = path.read_bytes()
        c.write({**member_entry(path), "urls": [url("good", file="wheel")]})
        done = c.fetch()
        equal((done.returncode, c.placed()), (ADMIT, {PLACE: CONTENT}), text(done))
        args = [a for a in c.command() if a not in ("--to", str(c.to))]
        done = run(*args)
        equal(done.returncode, ADMIT, text(done))
        equal((c.cache / "sha256" / SHA[:2] / SHA).read_bytes(), CONTENT)
        c.clean()


@test
def members_that_are_not_what_is_pinned():
    with case() as c:
        path = archive(c)
        for more, said in [({"member_sha256": "0" * 64}, "SHA-256"), ({"member_size": 7}, "larger"),
                           ({"member_size": len(CONTENT) + 1}, "size"),
                           ({"member": "pkg/none.so"}, "no such member")]:
            c.write({**member_entry(path), **more})
            done = c.fetch()
            equal((done.returncode, c.placed()), (STOPPED, {}), f"{more}: {text(done)}")
            assert said in text(done), f"{more}: {text(done)}"
        path.write_bytes(b"PK\x03\x04 no zip file, though it is what is pinned")
        c.write(member_entry(path))
        done = c.fetch()
        equal((done.returncode, c.placed()), (STOPPED, {}), text(done))


# ---- signatures ----

def sign(c, path, name="key"):
    key = c.root / f"{name}.pub"
    if not key.exists():
        subprocess.run(["minisign", "-GW", "-p", str(key), "-s", str(c.root / f"{name}.sec")],
                       check=True, capture_output=True)
    subprocess.run(["minisign", "-S", "-s", str(c.root / f"{name}.sec"), "-m", str(path)],
                   check=True, capture_output=True)
    return {"key": key.read_text().splitlines()[1],
            "value": pathlib.Path(f"{path}.minisig").read_text()}


@test
def signatures_are_checked_beside_the_hash():
    if not shutil.which("minisign"):
        raise Skip("minisign is not installed")
    with case() as c:
        (c.root / "file").write_bytes(CONTENT)
        good = sign(c, c.root / "file")
        (c.root / "x").write_bytes(b"something else")
        other = sign(c, c.root / "x")
        c.write(entry(signature=good))
        equal(c.fetch("--key", str(c.root / "key.pub")).returncode, ADMIT)
        equal(c.fetch().returncode, ADMIT)
        shutil.rmtree(c.to)
        for fields, args in [({"signature": other}, []), ({}, ["--key", str(c.root / "key.pub")])]:
            c.write(entry(**fields))
            done = c.fetch(*args)
            equal((done.returncode, c.placed()), (STOPPED, {}), text(done))
        sign(c, c.root / "x", "stranger")
        c.write(entry(signature=good))
        done = c.fetch("--key", str(c.root / "stranger.pub"))
        equal((done.returncode, c.placed()), (STOPPED, {}), text(done))


# ---- which entries count ----

@test
def entries_are_chosen_as_pip_would():
    rows = [  # platform, python, the names of the entries that are brought
        ("manylinux_2_36_x86_64", "cp311", "new abi"),
        ("manylinux_2_28_x86_64", "cp311", "mid abi"),
        ("manylinux_2_17_x86_64", "cp311", "old abi"),
        ("manylinux_2_36_x86_64", "cp312", "new"),
        ("manylinux_2_12_x86_64", "cp311", "any"),
        ("musllinux_1_2_x86_64", "cp311", "musl"),
        ("musllinux_1_0_x86_64", "cp311", "any"),
        ("manylinux_2_36_aarch64", "cp311", "any"),
        ("macosx_14_0_arm64", "cp311", "mac"),
        ("macosx_10_9_x86_64", "cp311", "any"),
        ("win_amd64", "cp311", "win"),
        ("win_amd64", "cp39", "win"),
        ("win_arm64", None, "any"),
    ]
    kinds = {"old": "manylinux2014_x86_64", "mid": "manylinux_2_28_x86_64",
             "new": "manylinux_2_31_x86_64.manylinux_2_34_x86_64", "any": "any",
             "musl": "musllinux_1_1_x86_64", "mac": "macosx_11_0_universal2", "win": "win_amd64"}
    with case() as c:
        files = []
        for kind, tag in kinds.items():
            data = kind.encode()
            (c.root / kind).write_bytes(data)
            files.append({"name": "pkg/lib", "platform": tag, "abi": "none",
                          "urls": [f"file:{kind}"], "size": len(data),
                          "sha256": hashlib.sha256(data).hexdigest()})
        (c.root / "abi").write_bytes(b"abi")
        files.append({"name": "pkg/ext.so", "platform": "manylinux2014_x86_64", "abi": "cp311",
                      "urls": ["file:abi"], "size": 3,
                      "sha256": hashlib.sha256(b"abi").hexdigest()})
        c.write(*files)
        for platform, python, want in rows:
            shutil.rmtree(c.to, ignore_errors=True)
            done = c.fetch("--platform", platform, *(["--python", python] if python else []))
            equal(done.returncode, ADMIT, text(done))
            got = " ".join(v.decode() for k, v in sorted(c.placed().items(), reverse=True))
            equal(got, want, f"{platform} {python}")


@test
def abi3_is_for_cpython_from_its_oldest_on():
    rows = [("cp310", USAGE), ("cp311", ADMIT), ("cp314", ADMIT), ("cp313t", USAGE),
            ("pp311", USAGE), (None, ADMIT)]
    with case(entry(python="cp311", urls=["file:file"])) as c:
        (c.root / "file").write_bytes(CONTENT)
        for python, status in rows:
            done = c.fetch(*(["--python", python] if python else []))
            equal(done.returncode, status, f"{python}: {text(done)}")


@test
def a_lock_with_nothing_for_the_target_says_what_it_has():
    with case(entry(platform="win_amd64")) as c:
        done = c.fetch()
        equal(done.returncode, USAGE)
        assert "nothing for manylinux_2_" in text(done) and "win_amd64" in text(done), text(done)
    with case(entry(abi="cp311")) as c:
        done = c.fetch()
        equal(done.returncode, USAGE)
        assert "--python" in text(done), text(done)
        equal(c.fetch("--platform", "any").returncode, USAGE)
        equal(c.fetch("--python", "3.11").returncode, USAGE)


# ---- locks that are wrong ----

def without(key):
    e = entry()
    del e[key]
    return e


def bad_locks():
    good = lock_of(entry())
    whole = json.dumps(good, indent=2)
    for key in ("name", "platform", "abi", "urls", "sha256", "size"):
        yield f"no {key}", lock_of(without(key)), f"'{key}' is missing"
    for key in ("format", "package", "version", "files"):
        yield f"no {key}", {k: v for k, v in good.items() if k != key}, f"'{key}' is missing"
    for key in ("sha256_url", "checksums", "manifest_url", "checksum_url", "sha256sums"):
        yield key, lock_of(entry(**{key: "https://example.org/SHA256SUMS"})), "circular pin"
        yield key, {**good, key: "https://example.org/SHA256SUMS"}, "circular pin"
    for key in ("sha512", "md5", "optional", "Sha256", "comment", ""):
        yield f"key {key}", lock_of(entry(**{key: "x"})), "is not known"
    for name in ("/etc/x.so", "../x.so", "a/../../x", "a//b", "a/", "", ".", "a/.", "C:/x", "a\\b",
                 "a\nb", "a\0b", "é.so", "a" * 256, "a/" * 600 + "b", "x.", " x", "x ", "a:b",
                 "pkg/pratique.lock", "pkg-1.0.dist-info/RECORD", "PKG.DIST-INFO/x",
                 "NUL", "con.so", "a/COM1", "lpt9 .x/a.so"):
        yield f"name {name[:20]!r}", lock_of(entry(name=name)), "name"
    for u in ("http://example.org/x", "ftp://example.org/x", "HTTPS://example.org/x", "//x/y", "x",
              "", "https://", "https:///x", "https://u:p@example.org/x", "https://example.org/a b",
              "https://example.org/x#frag", "file:/etc/passwd", "file:../x", "file:///etc/passwd",
              "https://example.org/é", "https://exa\nmple.org/x", "https://example.org/" + "a" * 2048,
              "https://exam{ple}.org/[1-9]", "data:,x", "https://:443/x"):
        yield f"url {u[:30]!r}", lock_of(entry(urls=[u])), "urls"
    yield "no urls", lock_of(entry(urls=[])), "urls"
    yield "many urls", lock_of(entry(urls=[url("good")] * 17)), "more than 16"
    yield "urls no list", lock_of(entry(urls=url("good"))), "urls"
    for sha in (SHA.upper(), SHA[:-1], SHA + "0", "", "g" * 64, "sha256:" + SHA, SHA[:40], None, 5):
        yield f"sha256 {sha!r:.20}", lock_of(entry(sha256=sha)), "sha256"
    for size in (0, -1, 1.5, "300000", None, 2 ** 41, 10 ** 30, True, 1e5):
        yield f"size {size!r}", lock_of(entry(size=size)), "size|missing"
    for tag in ("", "a b", "a..b", ".a", "a.", "manylinux-x", "x" * 257, None):
        yield f"platform {tag!r:.20}", lock_of(entry(platform=tag)), "platform"
        yield f"abi {tag!r:.20}", lock_of(entry(abi=tag)), "abi"
    for name in ("", "-a", "a-", "a b", "../x", "é"):
        yield f"package {name!r}", {**good, "package": name}, "package"
        yield f"version {name!r}", {**good, "version": "1 " + name}, "version"
    yield "format", {**good, "format": "pratique-lock-2"}, "pratique-lock-1"
    yield "no files", {**good, "files": []}, "empty list"
    yield "files no list", {**good, "files": {}}, "files"
    yield "member alone", lock_of(entry(member="x")), "go together"
    yield "member_size alone", lock_of(entry(member_size=4)), "go together"
    yield "signature", lock_of(entry(signature={"key": "x", "value": "y"})), "key"
    yield "signature key alone", lock_of(entry(signature={})), "key"
    yield "signature text", lock_of(entry(signature="x")), "signature"
    yield "twins", lock_of(entry(), entry()), "same platform"
    yield "case", lock_of(entry(name="a.so"), entry(name="A.so")), "case alone"
    yield "within", lock_of(entry(name="pkg"), entry(name="PKG/a.so")), "folders"
    yield "many", lock_of(*(entry(name=f"{i}.so") for i in range(1025))), "more than 1024"
    yield "an array", [good], "'{' is missing"
    yield "nothing", "", "too early"
    yield "cut", whole[:-3], "missing"
    yield "behind", whole + "{}", "something follows"
    yield "mark", "\ufeff" + whole, "'{' is missing"
    yield "comma", whole.replace('"size": 300000', '"size": 300000,'), "a key"
    yield "comment", whole.replace("{", "{ // a", 1), "a key"
    yield "twice", whole.replace('"size"', f'"sha256": "{"0" * 64}", "size"'), "stands twice"
    yield "twice above", whole.replace('"version"', '"package": "x", "version"'), "stands twice"
    yield "leading zero", whole.replace("300000", "0300000"), "size"
    yield "exponent", whole.replace("300000", "3e5"), "no integer"
    yield "escape", whole.replace("pkg/", "pkg\\u002f..\\u002f"), "'\\.\\.'"
    yield "surrogate", whole.replace("pkg/", "pkg\\ud800"), "escape"
    yield "deep", '{"files":' + "[" * 100000, "missing"
    yield "large", whole + " " * (1 << 20), "larger"


@test
def locks_that_are_wrong_are_refused_with_their_line():
    n = 0
    with case() as c:
        for what, content, said in bad_locks():
            c.lock.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
            done = c.fetch()
            equal(done.returncode, USAGE, f"{what}: {text(done)}")
            assert re.search(said, text(done)), f"{what}: {said}: {text(done)}"
            assert what == "large" or re.search(r"pratique\.lock:\d+: ", text(done)), f"{what}: {text(done)}"
            assert text(done).strip().isprintable(), what
            n += 1
        c.lock.write_bytes(b'{"format": "\xff\xfe"}')
        equal(c.fetch().returncode, USAGE)
        c.lock.unlink()
        equal(c.fetch().returncode, USAGE)
        assert not c.to.exists() and not c.cache.exists()
    assert n >= 100, n


@test
def the_line_is_the_right_one():
    with case(entry()) as c:
        lines = c.lock.read_text().splitlines()
        at = next(i for i, line in enumerate(lines) if '"sha256"' in line)
        lines[at] = lines[at].replace(SHA, SHA.upper())
        c.lock.write_text("\n".join(lines))
        assert f"pratique.lock:{at + 1}: sha256: " in text(c.fetch())


# ---- lock ----

@test
def a_lock_that_is_made_can_be_fetched():
    with case() as c:
        lib = c.root / "_native.abi3.so"
        lib.write_bytes(CONTENT)
        made = run("lock", "--package", "a3s-code", "--version", "3.2.1", "--url-base",
                   "https://files.example.org/3.2.1", "--url-base", "file:", "--platform",
                   "manylinux_2_17_x86_64", "--name", PLACE, "-o", str(c.lock), str(lib))
        equal((made.returncode, made.stdout.decode()), (ADMIT, f"{c.lock}: 1 file pinned\n"), text(made))
        read = json.loads(c.lock.read_text())
        equal(read, lock_of({"name": PLACE, "platform": "manylinux_2_17_x86_64", "abi": "abi3",
                             "urls": ["https://files.example.org/3.2.1/_native.abi3.so",
                                      "file:_native.abi3.so"],
                             "sha256": SHA, "size": len(CONTENT)}))
        equal(c.fetch("--platform", "manylinux_2_36_x86_64").returncode, ADMIT)
        equal(run("lock", "--check", str(c.lock), str(lib)).returncode, ADMIT)
        lib.write_bytes(CONTENT[:-1])
        equal(run("lock", "--check", str(c.lock), str(lib)).returncode, STOPPED)
        again = run("lock", "--package", "p", "--version", "1", "--url-base", "https://e.org/",
                    "--platform", "any", "-o", str(c.lock), str(lib))
        equal(again.returncode, USAGE)
        assert "--force" in text(again)


@test
def a_lock_of_wheels():
    with case() as c:
        path = archive(c)
        made = run("lock", "--package", "pkg", "--version", "1.0", "--url-base", "file:", "--member",
                   PLACE, "-o", str(c.lock), str(path))
        equal(made.returncode, ADMIT, text(made))
        f = json.loads(c.lock.read_text())["files"][0]
        equal((f["name"], f["platform"], f["abi"], f["python"], f["member_sha256"]),
              (PLACE, "manylinux_2_17_x86_64", "abi3", "cp311", SHA))
        equal(run("lock", "--check", str(c.lock), str(path)).returncode, ADMIT)
        done = c.fetch("--platform", "manylinux_2_17_x86_64", "--python", "cp312")
        equal((done.returncode, c.placed()), (ADMIT, {PLACE: CONTENT}), text(done))
        for args in (["--member", "none.so"], [], ["--member", "../x"]):
            made = run("lock", "--package", "pkg", "--version", "1.0", "--url-base", "file:", *args,
                       "--force", "-o", str(c.root / "other.lock"), str(path))
            equal(made.returncode, USAGE, text(made))
            assert not (c.root / "other.lock").exists()


@test
def a_lock_needs_to_be_told_everything():
    with case() as c:
        lib = c.root / "x.so"
        lib.write_bytes(b"x")
        full = {"--package": "p", "--version": "1", "--url-base": "https://e.org", "--platform": "any"}
        for gone in full:
            args = [w for k, v in full.items() if k != gone for w in (k, v)]
            done = run("lock", *args, "-o", str(c.lock), str(lib))
            equal(done.returncode, USAGE, gone)
            assert gone in text(done), text(done)
        for k, v in (("--url-base", "http://e.org"), ("--package", "-x"), ("--platform", "a b")):
            args = [w for kk, vv in {**full, k: v}.items() for w in (f"{kk}={vv}",)]
            equal(run("lock", *args, "-o", str(c.lock), str(lib)).returncode, USAGE, k)
        assert not c.lock.exists()


# ---- the report ----

@test
def the_report_in_json():
    with case(entry(urls=[url("missing"), url("good")])) as c:
        done = c.fetch("--format", "json")
        told = json.loads(done.stdout)
        equal((told["format"], told["package"], told["version"], told["verdict"], told["error"]),
              ("pratique-fetch-1", "a3s-code", "3.2.1", "admit", None))
        f = told["files"][0]
        equal((f["name"], f["verdict"], f["from"], f["source"], f["path"], f["sha256"], f["size"]),
              (PLACE, "admit", "network", url("good"), f"{c.to}/{PLACE}", SHA, len(CONTENT)))
        equal(f["notes"][0]["source"], url("missing"))
    with case(entry(urls=[url("other")])) as c:
        told = json.loads(c.fetch("--format", "json").stdout)
        equal((told["verdict"], told["files"][0]["path"]), ("refuse", None))
    with case(entry(platform="win_amd64")) as c:
        told = json.loads(c.fetch("--format", "json").stdout)
        assert told["files"] == [] and "nothing for" in told["error"]
        for form in ("sarif", "html"):
            equal(c.fetch("--format", form).returncode, USAGE)


@test
def no_terminal_no_progress():
    with case(entry()) as c:
        done = c.fetch("-q")
        equal((done.stdout, done.stderr), (b"", b""))


try:
    main()
finally:
    if _world:
        shutil.rmtree(_world["folder"])

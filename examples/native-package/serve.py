#!/usr/bin/env python3
"""Serves a release of the example over HTTPS on this machine: well, and in every hostile way.

    python3 serve.py GOOD SWAPPED     two libraries; prints what to set, and serves until it is stopped

https://localhost:PORT/HOW/libfathom.so and /HOW/checksums.json, with HOW one of WAYS below. Its
certificates are made with openssl, by a CA of its own, in a temporary folder.
"""

import contextlib
import hashlib
import http.server
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time

KIB64 = 64 * 1024
LIBRARY, CHECKSUMS = "libfathom.so", "checksums.json"

# How: (which library, whose checksums; None: 404), and what is odd about the transfer of the library.
WAYS = {
    "good": ("good", "good", None),
    "no-checksums": ("swapped", None, None),
    "swapped": ("swapped", "good", None),
    "swapped-both": ("swapped", "swapped", None),
    "absent": (None, "good", None),
    "truncated": ("swapped", "swapped", "truncated"),
    "cut-short": ("good", "good", "cut-short"),
    "too-long": ("good", "swapped", "too-long"),
    "endless": ("swapped", "swapped", "endless"),
    "slow": ("swapped", "swapped", "slow"),
    "silent": ("swapped", "swapped", "silent"),
    "garbage": ("swapped", "swapped", "garbage"),
    "other-host": ("swapped", "swapped", "other-host"),
    "other-host-good": ("good", "good", "other-host"),
    "to-http": ("good", "good", "to-http"),
    "to-http-swapped": ("swapped", "swapped", "to-http"),
    "in-circles": ("swapped", "swapped", "in-circles"),
    "dropped": ("good", "good", "dropped"),
    "dropped-no-range": ("good", "good", "dropped-no-range"),
    "resumed-swapped": ("good", "good", "resumed-swapped"),
    "resumed-elsewhere": ("good", "good", "resumed-elsewhere"),
}


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers to GET /HOW/NAME; server.site is the Site."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.close_connection = True
        site = self.server.site
        site.asked.append((self.server.scheme, self.path, self.headers.get("Range")))
        _, how, name = (self.path.split("/") + ["", ""])[:3]
        how, _, past = how.partition("@")  # dropped-no-range@3: after 3 times 64 KiB
        which, sums, odd = WAYS.get(how, (None, None, None))
        with contextlib.suppress(OSError):  # whoever asked may hang up
            if name == CHECKSUMS and sums:
                self.whole(json.dumps({LIBRARY: hashlib.sha256(site.files[sums]).hexdigest()}).encode())
            elif name == LIBRARY and which:
                getattr(self, "do_" + (odd or "whole").replace("-", "_"))(site.files[which], int(past or 0))
            else:
                self.send_error(404)

    def head(self, size, status=200, **more):
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream")
        if size is not None:
            self.send_header("Content-Length", str(size))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def whole(self, data, size=None, **more):
        self.head(len(data) if size is None else size, **more)
        self.wfile.write(data)

    def do_whole(self, data, _):
        self.whole(data)

    def do_truncated(self, data, _):
        self.whole(data[:len(data) // 2], len(data))

    def do_cut_short(self, data, _):
        self.whole(data[:len(data) // 2])

    def do_too_long(self, data, _):
        self.whole(data + b"\0" * KIB64)

    def do_endless(self, data, _):
        self.head(None)
        for _ in range(4096):
            self.wfile.write(data[:KIB64])

    def do_slow(self, data, _):
        self.head(len(data))
        for at in range(4096):
            self.wfile.write(data[at:at + 1])
            if self.server.site.stopping.wait(0.2):
                return

    def do_silent(self, data, _):
        self.head(len(data))
        self.wfile.write(data[:1000])
        self.wfile.flush()
        self.server.site.stopping.wait(60)

    def do_garbage(self, data, _):
        self.wfile.write(b"HTTP/1.1 2\x00\r\n\r\n" + data[:KIB64])

    def do_other_host(self, data, _):
        how = "good" if data == self.server.site.files["good"] else "swapped-both"
        self.head(0, 302, Location=f"{self.server.site.other_host}/{how}/{LIBRARY}")

    def do_to_http(self, data, _):
        how = "good" if data == self.server.site.files["good"] else "swapped-both"
        self.head(0, 302, Location=f"{self.server.site.plain}/{how}/{LIBRARY}")

    def do_in_circles(self, *_):
        self.head(0, 302, Location=self.path)

    def first(self):
        """Where a request for the rest begins; None when all is asked for."""
        m = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(m[1]) if m else None

    def rest(self, data, at, end):
        """Bytes at to end as the answer to a request for the rest, all of which are promised."""
        self.whole(data[at:end], len(data) - at, status=206, ETag='"1"',
                   Content_Range=f"bytes {at}-{len(data) - 1}/{len(data)}")

    def do_dropped(self, data, _):
        """Breaks off after each 64 KiB, and goes on from there when asked."""
        at = self.first()
        if at is None:
            self.whole(data[:KIB64], len(data), ETag='"1"', Accept_Ranges="bytes")
        else:
            self.rest(data, at, at + KIB64)

    def do_dropped_no_range(self, data, past):
        self.whole(data[:past * KIB64], len(data), ETag='"1"', Accept_Ranges="bytes")

    def do_resumed_swapped(self, data, _):
        """The rest is that of the other library."""
        at = self.first()
        if at is None:
            self.whole(data[:KIB64], len(data), ETag='"1"', Accept_Ranges="bytes")
        else:
            self.rest(self.server.site.files["swapped"], at, len(data))

    def do_resumed_elsewhere(self, data, _):
        """The rest begins somewhere else than asked for."""
        at = self.first()
        if at is None:
            self.whole(data[:KIB64], len(data), ETag='"1"', Accept_Ranges="bytes")
        else:
            self.rest(data, max(at - 1000, 0), len(data))


class Server(http.server.ThreadingHTTPServer):
    """One port; the handshake is the thread's, so that one who stalls stops nobody else."""

    daemon_threads = True

    def __init__(self, site, certificate):
        super().__init__(("127.0.0.1", 0), Answers)
        self.site, self.context, self.scheme = site, None, "https" if certificate else "http"
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)

    def finish_request(self, request, client_address):
        if self.context:
            request.settimeout(20)
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)
        if self.context:
            with contextlib.suppress(OSError):
                request.close()

    def handle_error(self, *_):
        pass  # who does not like the certificate hangs up


class Site:
    """All the servers, for as long as the block lasts. good, swapped: bytes of the libraries."""

    def __init__(self, good, swapped):
        self.files = {"good": good, "swapped": swapped}
        self.asked, self.stopping = [], threading.Event()

    def __enter__(self):
        self.room = tempfile.TemporaryDirectory(prefix="fathom-site-")
        self.ca = certificates(pathlib.Path(self.room.name))
        self.servers = {}
        for name in ("good", "expired", "wrong-host", "stranger", None):
            files = [f"{self.room.name}/{name}.{kind}" for kind in ("pem", "key")] if name else None
            server = self.servers[name] = Server(self, files)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.other_host = f"https://127.0.0.1:{self.port('good')}"
        self.plain = f"http://localhost:{self.port(None)}"
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for server in self.servers.values():
            server.shutdown()
            server.server_close()
        self.room.cleanup()

    def port(self, name):
        return self.servers[name].server_address[1]

    def base(self, how, certificate="good"):
        """The address of a release that is served in this way."""
        return f"https://localhost:{self.port(certificate)}/{how}"


def certificates(folder):
    """Makes a CA and certificates: good, expired, for another host, of a CA that nobody knows. The CA's file."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def authority(name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def leaf(name, ca, hosts, days):
        (folder / f"{name}.ext").write_text(f"subjectAltName={hosts}\nbasicConstraints=CA:FALSE\n")
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=fathom", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial",
                "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    authority("ca")
    authority("other-ca")
    leaf("good", "ca", "DNS:localhost,IP:127.0.0.1", "1")
    leaf("expired", "ca", "DNS:localhost", "-1")
    leaf("wrong-host", "ca", "DNS:elsewhere.example.org", "1")
    leaf("stranger", "other-ca", "DNS:localhost", "1")
    return str(folder / "ca.pem")


def main():
    good, swapped = (pathlib.Path(name).read_bytes() for name in sys.argv[1:3])
    with Site(good, swapped) as site:
        print(f"export CA={site.ca} SITE={site.base('')[:-1]}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(60)


if __name__ == "__main__":
    main()

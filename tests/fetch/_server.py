"""A small HTTPS server with certificates of its own, which misbehaves when it is asked to."""

import contextlib
import gzip
import http.server
import pathlib
import re
import socket
import ssl
import struct
import subprocess
import threading
import time

CHUNK = 65536


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def make_ca(d, name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{d}/{name}.key", "-out",
            f"{d}/{name}.pem", "-days", "30", "-subj", f"/CN=test {name}")


def make_certificate(d, name, ca, hosts, days=20):
    ext = pathlib.Path(d, f"{name}.ext")
    ext.write_text("subjectAltName=" + ",".join(
        ("IP:" if re.fullmatch(r"[\d.]+", h) else "DNS:") + h for h in hosts) + "\n")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{d}/{name}.key", "-out",
            f"{d}/{name}.csr", "-subj", f"/CN={name}")
    openssl("x509", "-req", "-in", f"{d}/{name}.csr", "-CA", f"{d}/{ca}.pem", "-CAkey",
            f"{d}/{ca}.key", "-CAcreateserial", "-out", f"{d}/{name}.pem", "-days", str(days),
            "-extfile", str(ext))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        how, _, name = self.path.split("?")[0].lstrip("/").partition("/")
        content = self.server.files.get(name, b"")
        with contextlib.suppress(OSError):
            getattr(self, "how_" + how.replace("-", "_"), self.how_missing)(content)

    def head(self, status, length, **headers):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def send(self, content, etag=None):
        """All of it, or from where the client has it on."""
        m = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        condition = self.headers.get("If-Range")
        more = {"ETag": etag} if etag else {}
        if m and (condition is None or condition == etag):
            start = int(m[1])
            if start >= len(content):
                return self.head(416, 0)
            self.head(206, len(content) - start,
                      Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}", **more)
            return content[start:]
        self.head(200, len(content), **more)
        return content

    def hang_up(self):
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def how_missing(self, content):
        self.head(404, 0)

    def how_good(self, content):
        body = self.send(content, '"v1"')
        if body:
            self.wfile.write(body)

    def how_down(self, content):
        self.head(503, 0)

    def how_other(self, content):
        """Of the same size, and other bytes."""
        body = self.send(bytes(b ^ 1 for b in content))
        if body:
            self.wfile.write(body)

    def how_small(self, content):
        self.wfile.write(self.send(content[:-1]) or b"")

    def how_large(self, content):
        self.wfile.write(self.send(content + b"x") or b"")

    def how_endless(self, content):
        """No length is said, and there is no end."""
        self.close_connection = True
        self.head(200, None)
        while True:
            self.wfile.write(content)

    def how_short_unsaid(self, content):
        self.close_connection = True
        self.head(200, None)
        self.wfile.write(content[:len(content) // 2])

    def how_truncated(self, content):
        """It always breaks off at the same place, and knows no ranges."""
        self.head(200, len(content))
        self.wfile.write(content[:len(content) // 2])
        self.hang_up()

    def how_drop(self, content):
        body = self.send(content, '"v1"') or b""
        self.wfile.write(body[:CHUNK])
        if len(body) > CHUNK:
            self.hang_up()

    def how_changing(self, content):
        """Each answer is of another version, of which half comes."""
        self.server.version += 1
        if self.headers.get("If-Range") or not self.headers.get("Range"):
            self.head(200, len(content), ETag=f'"v{self.server.version}"')
            self.wfile.write(content[:len(content) // 2])
            self.hang_up()
        else:
            self.head(412, 0)

    def how_slow(self, content):
        self.head(200, len(content))
        for b in content:
            self.wfile.write(bytes([b]))
            self.wfile.flush()
            time.sleep(0.2)

    def how_leisure(self, content):
        """A few KB a second are enough; it takes longer than the patience with one that says nothing."""
        self.head(200, len(content))
        for i in range(0, len(content), len(content) // 9):
            self.wfile.write(content[i:i + len(content) // 9])
            self.wfile.flush()
            time.sleep(0.9)

    def how_silent(self, content):
        time.sleep(20)

    def how_to_http(self, content):
        self.head(302, 0, Location=f"http://127.0.0.1:{self.server.plain_port}/good/file")

    def how_to_file(self, content):
        self.head(302, 0, Location="file:///etc/passwd")

    def how_to_other(self, content):
        self.head(302, 0, Location=self.server.other + "/good/" + self.path.split("/", 2)[2])

    def how_round(self, content):
        self.head(302, 0, Location=self.path)

    def raw(self, *parts):
        """An answer byte by byte as it is here; afterwards the connection ends."""
        self.close_connection = True
        for part in parts:
            self.wfile.write(part)

    def how_hints(self, content):
        """What comes before the answer is not the answer."""
        self.raw(b"HTTP/1.1 100 Continue\r\n\r\n",
                 b"HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nContent-Range: bytes 7-9/10\r\n"
                 b'ETag: "no"\r\n\r\n',
                 b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content), content)

    def how_partial(self, content):
        self.raw(b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-%d/%d\r\nContent-Length: %d\r\n\r\n"
                 % (len(content) - 1, len(content), len(content)), content)

    def two_halves(self, content, rest):
        """The first half and no more; who asks for the rest gets this, under the same ETag."""
        if self.headers.get("Range"):
            start = int(self.headers["Range"][6:-1])
            self.head(206, len(content) - start, ETag='"v1"',
                      Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.wfile.write(rest[start:])
        else:
            self.head(200, len(content), ETag='"v1"')
            self.wfile.write(content[:len(content) // 2])
            self.hang_up()

    def how_false_tag(self, content):
        self.two_halves(content, bytes(len(content)))

    def how_false_tag_once(self, content):
        """Right when it is asked for all of it again."""
        self.server.version += 1
        if self.headers.get("Range") or self.server.version == 1:
            self.two_halves(content, bytes(len(content)))
        else:
            self.how_good(content)

    def how_false_start(self, content):
        """It says that it goes on from elsewhere."""
        if self.headers.get("Range"):
            self.head(206, 10, ETag='"v1"', Content_Range=f"bytes 5-14/{len(content)}")
            self.wfile.write(b"x" * 10)
        else:
            self.two_halves(content, content)

    def how_gzip(self, content):
        body = gzip.compress(content, 1)
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n", body)

    def how_gzip_bomb(self, content):
        body = gzip.compress(bytes(len(content)), 9)
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body), body)

    def how_trailers(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n",
                 *(b"%x\r\n%b\r\n" % (len(c), c) for c in (content[:1], content[1:70000], content[70000:])),
                 b'0\r\nETag: "late"\r\nContent-Range: bytes 9-9/9\r\n\r\n')

    def how_chunks_cut(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(content), content[:-1])

    def how_chunks_wrong(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", content)

    def how_empty(self, content):
        self.head(200, 0)

    def how_nothing(self, content):
        self.head(204, None)

    def how_unchanged(self, content):
        self.head(304, None)

    def how_headers(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-%d: y\r\n" % self.server.port * 1000)

    def how_header(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            self.wfile.write(b"y" * 65536)

    def how_hints_without_end(self, content):
        self.raw(b"")
        while True:
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1000)

    def how_longer(self, content):
        """Behind what it said there is more."""
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content), content, b"more" * 1000)

    def how_length(self, content):
        """The length is what the path says."""
        says = self.path.rsplit("?", 1)[-1].encode()
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: " + says + b"\r\n\r\n", content)

    def how_lengths(self, content):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Length: 7\r\n\r\n" % len(content), content)

    def how_old(self, content):
        self.raw(content)

    def how_reset(self, content):
        self.head(200, len(content))
        self.wfile.write(content[:len(content) // 2])
        self.wfile.flush()
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        socket.socket.close(self.connection)

    def how_to_user(self, content):
        port = self.server.other.rsplit(":", 1)[1]
        self.head(302, 0, Location=f"https://user:secret@localhost:{port}/good/file")

    def how_to_nowhere(self, content):
        self.head(302, 0, Location="https://")

    def how_to_data(self, content):
        self.head(302, 0, Location="data:,x")

    def how_to_body(self, content):
        """The body of a redirect is not the file."""
        self.head(302, len(content), Location="/missing/file")
        self.wfile.write(content)

    def how_error_body(self, content):
        self.head(500, len(content))
        self.wfile.write(content)

    def how_brake(self, content):
        """Slow enough to be killed in the middle."""
        body = self.send(content, '"v1"') or b""
        for i in range(0, len(body), CHUNK):
            self.wfile.write(body[i:i + CHUNK])
            time.sleep(0.004)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def start(files, folder=None, name=None):
    """One on a free port; over TLS with that certificate, or plainly."""
    server = Server(("127.0.0.1", 0), Handler)
    server.files, server.asked, server.version = files, [], 0
    if name:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    server.port = server.server_address[1]
    server.url = f"http{'s' if name else ''}://127.0.0.1:{server.port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def frame(kind, flags, stream, content=b""):
    """Of HTTP/2 (RFC 9113, 4.1)."""
    return struct.pack(">I", len(content))[1:] + struct.pack(">BBI", kind, flags, stream) + content


def start_http2(act, folder, name):
    """One that speaks HTTP/2 as far as is needed: act(connection) answers the first stream."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/{name}.pem", f"{folder}/{name}.key")
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(connection):
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as c:
            c.sendall(frame(4, 0, 0))
            asked = b""
            while not re.search(rb"\x01[\x04\x05\x24\x25]\x00\x00\x00\x01", asked):  # HEADERS of stream 1
                more = c.recv(65536)
                if not more:
                    return
                asked += more
            c.sendall(frame(4, 1, 0))
            act(c)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}/file"


def unused_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

"""A small HTTPS server with certificates of its own, which misbehaves when it is asked to."""

import contextlib
import http.server
import pathlib
import re
import socket
import ssl
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
        how, _, name = self.path.lstrip("/").partition("/")
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


def unused_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

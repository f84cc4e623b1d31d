#!/usr/bin/env python3
"""Writes the corpora of fuzz_dns, fuzz_http and fuzz_bait: y_ is read, n_ is not, i_ is free."""

import base64
import gzip
import io
import pathlib
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent / "corpus"
SECRET = b"tQ7zK2pL9vXw4RmN8cJy5HbG3fDs6A"


def query(name, kind, flags=0x100, count=1):
    labels = b"".join(bytes([len(x)]) + x for x in name.split(b".") if x)
    return struct.pack(">HHHHHH", 7, flags, count, 0, 0, 0) + labels + b"\0" + struct.pack(
        ">HH", kind, 1)


def zipped(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("a.txt"), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


CORPORA = {
    "dns": {
        "y_a": query(b"evil.example.org", 1),
        "y_aaaa": query(b"evil.example.org", 28),
        "y_srv": query(b"_https._tcp.example.org", 33),
        "y_reverse": query(b"4.3.2.1.in-addr.arpa", 12),
        "y_reverse6": query(b".".join([b"1"] + [b"0"] * 31) + b".ip6.arpa", 12),
        "y_root": query(b"", 2),
        "y_long": query(b".".join([b"a" * 63] * 3 + [b"b" * 60]), 255),
        "y_bytes": query(b"\0\xff-.\x01", 16),
        "y_edns": query(b"a.b", 1) + b"\0\0\x29\x10\0\0\0\0\0\0\0",
        "n_pointer": query(b"a", 1)[:12] + b"\xc0\x0c\0\1\0\1",
        "n_answer": query(b"a", 1, 0x8180),
        "n_two": query(b"a", 1, count=2),
        "n_short": query(b"a.b", 1)[:-1],
        "n_too_long": query(b".".join([b"a" * 63] * 4), 1),
    },
    "http": {
        "y_get": b"GET /transformers.pyz HTTP/1.1\r\nHost: a.example\r\nUser-Agent: curl/8\r\n\r\n",
        "y_post": b"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /",
        "y_chunked": b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"
                     b"0\r\nT: x\r\n\r\n",
        "y_connect": b"CONNECT a.example:443 HTTP/1.1\r\n\r\n\x16\x03\x01",
        "y_proxy": b"GET http://a.example/simple/foo/ HTTP/1.0\nConnection: keep-alive\n\n",
        "y_range": b"HEAD /a.so HTTP/1.1\r\nRange: bytes=-3\r\nExpect: 100-continue\r\n\r\n",
        "n_length": b"GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
        "n_version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "n_smtp": b"EHLO there\r\nMAIL FROM:<a@b>\r\n",
        "i_chunk": b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffff\r\nx",
        "i_line": b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 300 + b"\r\n!",
        "i_cut": b"GET / HTTP/1.1\r\nHost: a",
    },
    "bait": {
        "i_plain": b"k=" + SECRET + b"&x",
        "i_base64": b'{"k": "' + base64.b64encode(b"ab" + SECRET) + b'"}',
        "i_base32": base64.b32encode(b"abc" + SECRET),
        "i_hex": b"f" + SECRET.hex().encode(),
        "i_percent": b"".join(b"%%%02x" % c for c in SECRET),
        "i_gzip": gzip.compress(b"text " + SECRET, mtime=0),
        "i_zlib": zlib.compress(b"text " + SECRET),
        "i_zip": zipped(b"text " + SECRET),
        "i_coded": b"data=" + base64.b64encode(zlib.compress(b"text " + SECRET)),
        "i_part": b"--b\r\nContent-Type: x\r\n\r\n" + zlib.compress(SECRET) + b"\r\n--b--",
        "i_bomb": gzip.compress(bytes(3 << 20), mtime=0),
        "i_starts": b"\x1f\x8b\x08PK\3\4\x1f\x8b\x08" * 9 + SECRET[::-1],
    },
}

for corpus, files in CORPORA.items():
    (HERE / corpus).mkdir(exist_ok=True)
    for name, data in files.items():
        (HERE / corpus / name).write_bytes(data)

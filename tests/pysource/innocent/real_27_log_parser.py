"""Reads access logs and counts."""
import collections
import datetime
import gzip
import re
import sys
from typing import Iterator, NamedTuple, Optional

LINE = re.compile(
    r'(?P<host>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] '
    r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d{3}) (?P<size>\d+|-)')
SUSPICIOUS = [r"\.\./", r"/etc/passwd", r"eval\(", r"exec%28", r"os\.system", r"__import__"]
SUSPECT = re.compile("|".join("(?:%s)" % p for p in SUSPICIOUS), re.I)


class Hit(NamedTuple):
    host: str
    time: datetime.datetime
    method: str
    path: str
    status: int
    size: int


def parse(line: str) -> Optional[Hit]:
    m = LINE.match(line)
    if not m:
        return None
    when = datetime.datetime.strptime(m["time"], "%d/%b/%Y:%H:%M:%S %z")
    return Hit(m["host"], when, m["method"], m["path"], int(m["status"]),
               0 if m["size"] == "-" else int(m["size"]))


def read(name: str) -> Iterator[str]:
    opener = gzip.open if name.endswith(".gz") else open
    with opener(name, "rt", encoding="utf-8", errors="replace") as f:
        yield from f


class Summary:
    def __init__(self):
        self.status = collections.Counter()
        self.paths = collections.Counter()
        self.bytes = 0
        self.suspects = []
        self.broken = 0

    def add(self, line):
        hit = parse(line)
        if hit is None:
            self.broken += 1
            return
        self.status[hit.status // 100] += 1
        self.paths[hit.path.split("?")[0]] += 1
        self.bytes += hit.size
        if SUSPECT.search(hit.path):
            self.suspects.append(hit)

    def show(self, out=sys.stdout):
        for status, n in sorted(self.status.items()):
            print("%dxx %d" % (status, n), file=out)
        for path, n in self.paths.most_common(10):
            print("%6d %s" % (n, path), file=out)
        print("%d bytes, %d suspicious, %d broken" % (self.bytes, len(self.suspects), self.broken), file=out)


s = Summary()
s.add('192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] "GET /x?cmd=os.system(1) HTTP/1.1" 404 12')
s.add('192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] "GET /../../etc/passwd HTTP/1.1" 400 -')
s.add("garbage")
assert len(s.suspects) == 2 and s.broken == 1

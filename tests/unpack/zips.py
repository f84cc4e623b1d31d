"""A zip writer that can lie: every field of every record is the caller's to set."""
import struct
import zlib

UTF8, ENCRYPTED, DESCRIPTOR = 0x800, 0x1, 0x8
DIRECTORY, SYMLINK, REGULAR = 0o040000, 0o120000, 0o100000


def deflated(data, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def extra(tag, body):
    return struct.pack("<HH", tag, len(body)) + body


def zip64(*values):
    return extra(1, b"".join(struct.pack("<Q", v) for v in values))


def unicode_path(name, of):
    """The field 0x7075 that gives the member whose plain name is `of` another one."""
    return extra(0x7075, b"\1" + struct.pack("<I", zlib.crc32(of)) + name)


class Member:
    """
    `local` and `central` override fields for that header alone; `body` is what lies in the
    archive, `descriptor` what lies behind it ("sign" and "plain" make a true one). mode: of Unix,
    with its type; None leaves the external attributes at zero.
    """

    def __init__(self, name, data=b"hello\n", method=8, flags=None, mode=None, body=None,
                 local=None, central=None, descriptor=b"", in_local=True, in_central=True,
                 extra=b"", gap=b"", **same):
        self.name = name.encode() if isinstance(name, str) else name
        self.body = body if body is not None else deflated(data) if method == 8 else data
        if flags is None:
            flags = UTF8 if isinstance(name, str) and not name.isascii() else 0
        if descriptor:
            flags |= DESCRIPTOR
        self.fields = dict(name=self.name, version=20, flags=flags, method=method,
                           crc=zlib.crc32(data), csize=len(self.body), usize=len(data), extra=extra,
                           made=20 if mode is None else 3 << 8 | 20,
                           external=0 if mode is None else mode << 16, comment=b"", disk=0,
                           signature=None)
        self.fields.update(same)
        self.local, self.central = dict(self.fields), dict(self.fields)
        true = (self.local["crc"], self.local["csize"], self.local["usize"])
        if descriptor:
            self.local.update(crc=0, csize=0, usize=0)
        self.local.update(local or {})
        self.central.update(central or {})
        self.descriptor = {"sign": b"PK\7\10" + struct.pack("<III", *true),
                           "plain": struct.pack("<III", *true)}.get(descriptor, descriptor)
        self.in_local, self.in_central, self.gap = in_local, in_central, gap

    def local_bytes(self):
        f = self.local
        return struct.pack("<IHHHHHIIIHH", f["signature"] or 0x04034b50, f["version"], f["flags"],
                           f["method"], 0, 0x5821, f["crc"], f["csize"], f["usize"],
                           len(f["name"]), len(f["extra"])) + f["name"] + f["extra"]

    def central_bytes(self, offset):
        f = self.central
        return struct.pack("<IHHHHHHIIIHHHHHII", f["signature"] or 0x02014b50, f["made"],
                           f["version"], f["flags"], f["method"], 0, 0x5821, f["crc"], f["csize"],
                           f["usize"], len(f["name"]), len(f["extra"]), len(f["comment"]),
                           f["disk"], 0, f["external"], f.get("offset", offset)
                           ) + f["name"] + f["extra"] + f["comment"]


def end_record(n, size, offset, comment=b"", disk=0, cd_disk=0, here=None, comment_len=None):
    return struct.pack("<IHHHHIIH", 0x06054b50, disk, cd_disk, n if here is None else here, n,
                       size, offset, len(comment) if comment_len is None else comment_len) + comment


def end64_record(n, size, offset):
    return struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, n, n, size, offset)


def locator(offset, disks=1):
    return struct.pack("<IIQI", 0x07064b50, 0, offset, disks)


def folder(name, mode=DIRECTORY | 0o755):
    return Member(name, b"", 0, mode=mode)


def archive(members, prefix=b"", counted=True, before_central=b"", after_central=b"", after=b"",
            count=None, shift=0, size_shift=0, end64=None, **end):
    """
    counted: whether offsets count the prefix. end64: a function of (n, size, offset, where) that
    gives the zip64 records. The rest goes to end_record().
    """
    out, central = prefix, b""
    base = 0 if counted else len(prefix)
    for m in members:
        out += m.gap
        offset = len(out) - base
        if m.in_local:
            out += m.local_bytes() + m.body + m.descriptor
        if m.in_central:
            central += m.central_bytes(offset)
    n = sum(m.in_central for m in members)
    out += before_central
    at = len(out) - base
    out += central + after_central
    if end64:
        out += end64(n, len(central), at, len(out) - base)
    return out + end_record(n if count is None else count, len(central) + size_shift, at + shift,
                            **end) + after


def overlapping(names, kernel):
    """
    Members that share one compressed body: each local header is quoted by a stored block of the
    member before it (David Fifield, A better zip bomb, WOOT 2019).
    """
    body = deflated(kernel)
    tail, tail_plain, members = body, kernel, []
    for name in reversed(names):
        m = Member(name, tail_plain, body=tail)
        members.append(m)
        local = m.local_bytes()
        quote = b"\0" + struct.pack("<HH", len(local), len(local) ^ 0xffff)
        tail, tail_plain = quote + local + tail, local + tail_plain
    members.reverse()
    first = members[0].local_bytes() + members[0].body
    out, central, at = first, b"", 0
    for m in members:
        central += m.central_bytes(at)
        at += len(m.local_bytes()) + 5
    return out + central + end_record(len(members), len(central), len(out))

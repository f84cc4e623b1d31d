"""A zip writer that can lie: every field of every header is the caller's to set."""
import struct
import zlib


class Member:
    """One member. `local` and `central` override header fields for that header alone."""

    def __init__(self, name, data, method=0, flags=0, crc=None, local=None, central=None,
                 in_local=True, in_central=True, extra=b""):
        self.name = name.encode() if isinstance(name, str) else name
        self.data = data
        self.body = data
        if method == 8:
            c = zlib.compressobj(9, zlib.DEFLATED, -15)
            self.body = c.compress(data) + c.flush()
        self.method, self.flags = method, flags
        self.crc = zlib.crc32(data) if crc is None else crc
        self.local, self.central = local or {}, central or {}
        self.in_local, self.in_central, self.extra = in_local, in_central, extra

    def fields(self, over):
        f = dict(name=self.name, method=self.method, flags=self.flags, crc=self.crc,
                 csize=len(self.body), usize=len(self.data), extra=self.extra, version=20)
        f.update(over)
        return f

    def local_header(self):
        f = self.fields(self.local)
        return struct.pack("<IHHHHHIIIHH", 0x04034b50, f["version"], f["flags"], f["method"],
                           0, 0x21, f["crc"], f["csize"], f["usize"], len(f["name"]),
                           len(f["extra"])) + f["name"] + f["extra"]

    def central_header(self, offset):
        f = self.fields(self.central)
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, f["version"], f["flags"],
                           f["method"], 0, 0x21, f["crc"], f["csize"], f["usize"],
                           len(f["name"]), len(f["extra"]), 0, 0, 0, 0,
                           f.get("offset", offset)) + f["name"] + f["extra"]


def zip_bytes(members, prefix=b"", comment=b"", between=b"", count=None, after=b"",
              shift=0, end_offset=None):
    """shift: added to every offset (0 leaves a prefix uncounted, as self-extractors do)."""
    out, central = b"", b""
    for m in members:
        offset = len(out) + shift
        if m.in_local:
            out += m.local_header() + m.body
        if m.in_central:
            central += m.central_header(offset)
    n = sum(m.in_central for m in members) if count is None else count
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, n, n, len(central),
                      len(out) + len(between) + shift if end_offset is None else end_offset,
                      len(comment))
    return prefix + out + between + central + end + comment + after


def torch_zip(pickle, name="archive", storages=1, extra=(), **kw):
    """The layout torch.save writes: one folder, data.pkl, byteorder, data/N, version."""
    m = [Member(name + "/data.pkl", pickle), Member(name + "/byteorder", b"little")]
    m += [Member("%s/data/%d" % (name, i), b"\0" * 16) for i in range(storages)]
    m += [Member(name + "/version", b"3\n")]
    return zip_bytes(m + list(extra), **kw)

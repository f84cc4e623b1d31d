"""Files made to be slow: each maker takes a size in bytes and gives about as many."""
import io
import sys
import struct
import tarfile
import zipfile


def repeat(head, unit, tail, size):
    return head + unit * max(1, size // len(unit)) + tail


def globals_distinct(size):
    return b"".join(b"cm%d\nn\n0" % i for i in range(min(size // 12, 60000))) + b"N."


def memo_far(size):
    return b"N" + b"".join(b"r" + struct.pack("<I", (i * 2654435761) % 2 ** 32)
                           for i in range(size // 5)) + b"."


def odd_dicts(size):
    unit = b"}X\x05\0\0\0__a__K\x01s0"
    return repeat(b"\x80\x02", unit, b"N.", size)


def zip_of_empty(size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for i in range(size // 110):
            z.writestr(f"{i:06}", b"")
    return out.getvalue()


def zip_same_name(size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for _ in range(size // 110):
            info = zipfile.ZipInfo("same00")
            z.NameToInfo.clear()
            z.writestr(info, b"")
    return out.getvalue()


def tar_of_empty(size):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for i in range(size // 512):
            t.addfile(tarfile.TarInfo(f"{i:06}"))
    return out.getvalue()


CASES = {
    "MARK": lambda n: repeat(b"", b"(", b"N.", n),
    "DUP": lambda n: repeat(b"N", b"2", b".", n),
    "a tuple doubled": lambda n: repeat(b")", b"2\x86", b".", n),
    "calls with one long tuple": lambda n: repeat(
        b"(" + b"cm\nf\n" * 64 + b"tq\x000cm\ng\nq\x010", b"h\x01h\x00R0", b"N.", n),
    "different globals": globals_distinct,
    "memo indexes far apart": memo_far,
    "dicts with odd keys": odd_dicts,
    "persistent ids": lambda n: repeat(b"", b"Pa\n0", b"N.", n),
    "two-byte pickles in a row": lambda n: repeat(b"\x80\x02N.", b"N.", b"", n),
    "starts of pickles": lambda n: repeat(b"\xff", b"\x80\x04\x95\x01", b"", n),
    "starts of zips": lambda n: repeat(b"\xff", b"PK\x03\x04", b"", n),
    "starts of gzip": lambda n: repeat(b"\xff", b"\x1f\x8b\x08\0", b"", n),
    "empty zip members": zip_of_empty,
    "zip members of one name": zip_same_name,
    "empty tar members": tar_of_empty,
}

if __name__ == "__main__":  # NAME SIZE FILE; a process of its own, so that ours stays small
    with open(sys.argv[3], "wb") as f:
        f.write(CASES[sys.argv[1]](int(sys.argv[2])))

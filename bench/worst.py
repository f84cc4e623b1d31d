"""Files made to be slow: each maker takes a size in bytes and gives about as many."""
import base64
import io
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

from common import BUILD, HERE, measure, table


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


FILES = {
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


def nested(left, middle, right, size):
    depth = size // (len(left) + len(right))
    return b"x = " + left * depth + middle + right * depth + b"\n"


def aliases(size):
    lines = b"".join(b"a%06d = a%06d\n" % (i + 1, i) for i in range(size // 18))
    return b"import os\na000000 = os.system\n" + lines


def distinct_functions(size):
    return b"import os\n" + b"".join(b"def f%06d(a, b=os):\n    return a.c(b)\n" % i
                                     for i in range(size // 38))


def one_scope(size):
    names = size // 27
    return b"".join(b"n%06d = 1\n" % i for i in range(names)) + b"".join(
        b"print(n%06d)\n" % i for i in range(names - 1, -1, -1))


def exec_inside(size):
    """exec of a constant that holds exec of a constant, and so on while it fits."""
    code = b"import os"
    while len(code) * 2 < size:
        code = b"exec(" + repr(code.decode()).encode() + b")"
    return code + b"\n"


def deflated(size):
    """Constants that inflate to many times their length, with code in them."""
    inner = base64.b64encode(zlib.compress(b"import os\n" * 100000))
    line = b"exec(zlib.decompress(base64.b64decode(b'" + inner + b"')))\n"
    return repeat(b"import base64, zlib\n", line, b"", size)


BLOCKS = b"".join(b" " * i + b"if a:\n" for i in range(90)) + b" " * 90 + b"pass\n"

SOURCES = {
    "parentheses": lambda n: nested(b"(", b"1", b")", n),
    "brackets never closed": lambda n: repeat(b"", b"[", b"", n),
    "nested calls": lambda n: nested(b"f(", b"1", b")", n),
    "with (((": lambda n: repeat(b"with ", b"(", b"a", n),
    "match (((": lambda n: repeat(b"match ", b"(", b"a", n),
    "lambda in lambda": lambda n: repeat(b"x = ", b"lambda: ", b"0\n", n),
    "not not": lambda n: repeat(b"x = ", b"not ", b"0\n", n),
    "powers": lambda n: repeat(b"x = ", b"a**", b"1\n", n),
    "if else if else": lambda n: repeat(b"x = ", b"a if b else ", b"c\n", n),
    "one long sum": lambda n: repeat(b"x = ", b"'a' + ", b"'b'\n", n),
    "strings side by side": lambda n: repeat(b"x = ", b"'a' ", b"'b'\n", n),
    "a string doubled": lambda n: repeat(b"a = 'x'\n", b"a = a + a\n", b"exec(a)\n", n),
    "a string that grows": lambda n: repeat(b"a = ''\n", b"a += 'x'\n", b"exec(a)\n", n),
    "attributes of attributes": lambda n: repeat(b"x = a", b".b", b"\n", n),
    "subscripts": lambda n: repeat(b"x = a", b"[0]", b"\n", n),
    "a = a = a": lambda n: repeat(b"", b"a = ", b"1\n", n),
    "elif": lambda n: repeat(b"if a:\n    b\n", b"elif a:\n    b\n", b"", n),
    "decorators": lambda n: repeat(b"", b"@a\n", b"def f(): pass\n", n),
    "one name, many values": lambda n: repeat(b"import os\n", b"f = os\nf.a()\n", b"", n),
    "names of names": aliases,
    "many names in one scope": one_scope,
    "many functions": distinct_functions,
    "star imports": lambda n: repeat(b"", b"from os import *\n", b"system('x')\n", n),
    "findings": lambda n: repeat(b"import os\n", b"os.system('x')\n", b"", n),
    "comments that excuse": lambda n: repeat(b"", b"a = 1  # nosec\n", b"", n),
    "f-strings": lambda n: repeat(b"x = 1\n", b"f'{x:{x}}'\n", b"", n),
    "f-strings in f-strings": lambda n: nested(b"f'{", b"1", b"}'", n),
    "one long f-string": lambda n: repeat(b"x = f'", b"{x}", b"'\n", n),
    "exec of a text with exec": exec_inside,
    "code deflated": deflated,
    "chr() + chr()": lambda n: repeat(b"exec(", b"chr(97) + ", b"'')\n", n),
    "arguments": lambda n: repeat(b"f(", b"a, ", b")\n", n),
    "continued lines": lambda n: repeat(b"x = ", b"\\\n", b"1\n", n),
    "quotes": lambda n: repeat(b"", b"'''", b"", n),
    "names of characters": lambda n: repeat(b"x = '", b"\\N{DIGIT ONE}", b"'\n", n),
    "letters to be normalised": lambda n: repeat(b"", "\uff45\uff56 = 1\n".encode(), b"", n),
    "blocks in blocks": lambda n: repeat(b"", BLOCKS, b"", n),
}


def worst_table(scan, cases, name, sizes=(1, 2, 4)):
    """Crafted files: seconds for each size, and what making it larger costs."""
    path, rows = os.path.join(BUILD, name), []
    for what in cases:
        cells = []
        for mb in sizes:
            subprocess.run([sys.executable, os.path.join(HERE, "worst.py"), what,
                            str(mb * 1000000), path], check=True)
            cpu, _, peak, _ = measure([*scan, path])
            cells.append((cpu, peak))
        os.unlink(path)
        rows.append([what] + [f"{cpu:.3f}" for cpu, _ in cells]
                    + [f"{cells[-1][0] / max(cells[0][0], 0.001):.1f}", f"{cells[-1][1]:.0f}"])
        print(*rows[-1], sep="\t", file=sys.stderr)
    return table("Crafted to be slow: CPU seconds for a file of so many MB",
                 ["what"] + [f"{mb} MB" for mb in sizes]
                 + [f"{sizes[-1]} MB / {sizes[0]} MB", f"peak MB at {sizes[-1]} MB"], rows)


if __name__ == "__main__":  # NAME SIZE FILE; a process of its own, so that ours stays small
    with open(sys.argv[3], "wb") as f:
        f.write((FILES | SOURCES)[sys.argv[1]](int(sys.argv[2])))

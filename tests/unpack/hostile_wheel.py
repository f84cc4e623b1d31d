"""Wheels that must be refused: what their RECORD says is not what they hold."""
import whl
import zips
from case import Cases
from whl import INFO, files, row, rows, wheel

cases = Cases("whl")
INIT = b"VERSION = '1.0'\n"


def bad(reason, file=whl.NAME):
    return cases.bad(reason, file=file)


def falsified(path, line):
    """The rows, with that of path replaced (None: left out)."""
    out = [x for x in rows(files()) if not x.startswith(path + ",")]
    return out + ([line] if line is not None else [])


@bad("record")
def record_hash():
    """a hash of other bytes"""
    return wheel(lines=falsified("demo/__init__.py", row("demo/__init__.py", b"VERSION = '2.0'\n")))


@bad("encoding")
def record_not_flagged():
    """a name in UTF-8 that is not said to be: installers see other letters than RECORD's"""
    name, data = "demo/caf\u00e9.py", b"X = 1\n"
    return wheel(lines=rows(files()) + [row(name, data)],
                 members=[zips.Member(name.encode(), data, mode=0o100644)])


def one_of_many(n):
    """One hash of many that is wrong."""
    content = files(also=whl.of_all_sizes())
    path = "demo/%d.bin" % n
    lines = [row(p, d[:-1] + b"!" if p == path else d) for p, d in content.items()]
    return wheel(content, lines)


for at, which in ((5, "a small one"), (8, "a large one"), (17, "one larger still"), (22, "the last")):
    cases.add("record-hash-of-many-%d" % at, "refuse", "record",
              "a hash of other bytes among those of many files: %s" % which,
              lambda at=at: one_of_many(at), file=whl.NAME)


@bad("record")
def record_size():
    """another size beside the true hash"""
    line = "demo/__init__.py,%s,%d" % (whl.digest(INIT), len(INIT) + 1)
    return wheel(lines=falsified("demo/__init__.py", line))


@bad("record")
def record_unlisted():
    """a file that RECORD does not list"""
    return wheel(lines=falsified("demo/__init__.py", None))


@bad("record")
def record_unlisted_late():
    """a file behind RECORD that it does not list"""
    return wheel(members=[zips.Member("demo/late.py", b"X = 1\n")])


@bad("record")
def record_missing_file():
    """a file that RECORD lists and that is not there"""
    return wheel(lines=rows(files()) + [row("demo/more.py", b"X = 1\n")])


@bad("record")
def record_twice():
    """a file listed twice with two hashes"""
    return wheel(lines=rows(files()) + [row("demo/__init__.py", b"other\n")])


@bad("record")
def record_absolute():
    """an absolute path in RECORD"""
    return wheel(lines=rows(files()) + [row("/etc/passwd", b"x")])


@bad("record")
def record_up():
    """a path in RECORD that leaves the wheel"""
    return wheel(lines=rows(files()) + [row("../../evil.py", b"x")])


@bad("record")
def record_md5():
    """hashes with MD5"""
    return wheel(lines=falsified("demo/__init__.py", row("demo/__init__.py", INIT, "md5")))


@bad("record")
def record_sha1():
    """hashes with SHA-1"""
    return wheel(lines=falsified("demo/__init__.py", row("demo/__init__.py", INIT, "sha1")))


@bad("record")
def record_no_hash():
    """a file listed without a hash"""
    return wheel(lines=falsified("demo/__init__.py", "demo/__init__.py,,"))


@bad("record")
def record_unknown_hash():
    """a hash by a name that nobody knows"""
    return wheel(lines=falsified("demo/__init__.py", "demo/__init__.py,sha999=abc,16"))


@bad("record")
def record_broken_hash():
    """a hash that is no base64"""
    return wheel(lines=falsified("demo/__init__.py", "demo/__init__.py,sha256=!!!,16"))


@bad("record")
def record_short_hash():
    """a hash that is cut off"""
    return wheel(lines=falsified("demo/__init__.py",
                                 "demo/__init__.py,%s,16" % whl.digest(INIT)[:20]))


@bad("record")
def record_no_number():
    """a size that is no number"""
    return wheel(lines=falsified("demo/__init__.py", row("demo/__init__.py", INIT) + "x"))


@bad("record")
def record_absent():
    """no RECORD at all"""
    return wheel(record=None)


@bad("record")
def record_elsewhere():
    """a RECORD in another folder than the rest of the metadata"""
    return wheel(record="demo/RECORD")


@bad("record")
def record_quotes():
    """a RECORD whose quotes do not end"""
    return wheel(lines=['"' + x for x in rows(files())])


@bad("record")
def record_columns():
    """a RECORD with one column"""
    return wheel(lines=list(files()))


@bad("record")
def record_empty():
    """a RECORD that lists itself alone"""
    return wheel(lines=[])


@bad("record")
def record_case():
    """a RECORD that lists a file in other letters"""
    return wheel(lines=falsified("demo/__init__.py", row("Demo/__init__.py", INIT)))


@bad("wheel")
def info_two():
    """two folders of metadata"""
    return wheel(files(also={"other-1.0.dist-info/METADATA": whl.METADATA}))


@bad("wheel", file="other-1.0-py3-none-any.whl")
def info_other_name():
    """the metadata of another project than the file's name says"""
    return wheel()


@bad("wheel", file="demo-2.0-py3-none-any.whl")
def info_other_version():
    """the metadata of another version than the file's name says"""
    return wheel()


@bad("wheel")
def info_no_metadata():
    """no METADATA"""
    content = files()
    del content[INFO + "METADATA"]
    return wheel(content)


@bad("wheel")
def info_no_wheel():
    """no WHEEL"""
    content = files()
    del content[INFO + "WHEEL"]
    return wheel(content)


@bad("wheel")
def info_none():
    """no metadata at all"""
    return zips.archive([zips.Member("demo/__init__.py", INIT)])


@bad("wheel")
def data_unknown():
    """a scheme that installers do not know"""
    return wheel(files(also={"demo-1.0.data/evil/x.txt": b"x"}))


@bad("wheel")
def data_alone():
    """a file that is in no scheme"""
    return wheel(files(also={"demo-1.0.data/x.txt": b"x"}))


@bad("dotdot")
def data_up():
    """a scheme that leaves the environment"""
    return wheel(files(also={"demo-1.0.data/data/../../../evil.txt": b"x"}))


@bad("dotdot")
def data_scheme_up():
    """'..' as a scheme"""
    return wheel(files(also={"demo-1.0.data/../evil.txt": b"x"}))


@bad("symlink")
def link_in_wheel():
    """a symbolic link, listed with the hash of its target's name"""
    content = files(also={"demo/link": b"../../x"})
    members = [zips.Member(p, d, 0, mode=0o120777 if p == "demo/link" else 0o100644)
               for p, d in content.items()]
    record = "\n".join(rows(content) + [INFO + "RECORD,,"]) + "\n"
    return zips.archive(members + [zips.Member(INFO + "RECORD", record.encode())])

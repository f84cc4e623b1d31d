#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/{elf,macho,pe}: the smallest native files that say something.

y_ is well formed, n_ is not, whatever it says else. What each of them must tell is in
tests/unit/test_native.c. None of them can be run: there is no code in them.

Usage: make_native_corpus.py [FOLDER]
"""
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = 0x1000


# ---- ELF: System V gABI ----

class Elf:
    def __init__(self, wide=True, big=False, machine=62, kind=3):
        self.wide, self.order, self.machine, self.kind = wide, ">" if big else "<", machine, kind
        self.segments, self.sections, self.dynamic = [], [], []
        self.strings, self.body = b"\0", b""
        self.change = {}  # of the header's fields

    def pack(self, what, *values):
        """I, H, B as struct has them; W is a word of the file's width."""
        return struct.pack(self.order + what.replace("W", "Q" if self.wide else "I"), *values)

    def string(self, text):
        self.strings += text.encode() + b"\0"
        return len(self.strings) - len(text.encode()) - 1

    def entry(self, tag, value):
        self.dynamic.append((tag, self.string(value) if isinstance(value, str) else value))

    def program_header(self, kind, flags, off, address, size, memory=None):
        memory = size if memory is None else memory
        if self.wide:
            return self.pack("IIQQQQQQ", kind, flags, off, address, address, size, memory, 8)
        return self.pack("IIIIIIII", kind, off, address, address, size, memory, flags, 4)

    def section_header(self, name, kind, flags, off, size):
        return self.pack("IIWWWWIIWW", name, kind, flags, 0, off, size, 0, 0, 1, 0)

    def build(self, end=True, load=5, more=(), interpreter=None, strsz=None):
        """more: further program headers, as arguments of program_header()."""
        extra = list(more)
        count = (self.kind != 1) + bool(self.dynamic) + len(extra) + bool(interpreter)
        head = (64 if self.wide else 52) + count * (56 if self.wide else 32)
        strings_at = head
        self.strings += b"\0" * (-len(self.strings) % 8)
        dynamic_at = head + len(self.strings)
        entries = list(self.dynamic)
        if entries:
            entries += [(5, PAGE + strings_at), (10, strsz or len(self.strings))]
            entries += [(0, 0)] if end else []
        table = b"".join(self.pack("WW", *e) for e in entries)
        interpreter_at = dynamic_at + len(table)
        tail = (interpreter or "").encode() + (b"\0" if interpreter else b"")
        body_at = interpreter_at + len(tail)
        size = body_at + len(self.body)
        headers = [self.program_header(1, load, 0, PAGE, size)] if self.kind != 1 else []
        if entries:
            headers.append(self.program_header(2, 6, dynamic_at, PAGE + dynamic_at, len(table)))
        if interpreter:
            headers.append(self.program_header(3, 4, interpreter_at, PAGE + interpreter_at, len(tail)))
        headers += [self.program_header(*h) for h in extra]
        sections = [self.section_header(*s) for s in self.sections]
        fields = dict(shoff=size if sections else 0, phnum=count, shnum=len(sections),
                      shstrndx=0, phoff=64 if self.wide else 52, phentsize=56 if self.wide else 32,
                      shentsize=64 if self.wide else 40)
        if not count:
            fields.update(phoff=0, phentsize=0)
        fields.update(self.change)
        ident = b"\x7fELF" + bytes([1 + self.wide, 1 + (self.order == ">"), 1]) + bytes(9)
        header = ident + self.pack("HHIWWWIHHHHHH", self.kind, self.machine, 1, 0, fields["phoff"],
                                   fields["shoff"], 0, 64 if self.wide else 52, fields["phentsize"],
                                   fields["phnum"], fields["shentsize"], fields["shnum"],
                                   fields["shstrndx"])
        return header + b"".join(headers) + self.strings + table + tail + self.body + b"".join(sections)


STACK = (0x6474E551, 6, 0, 0, 0)


def elves():
    def library(**kw):
        e = Elf(**kw)
        e.entry(14, "libthing.so.1")
        e.entry(1, "libc.so.6")
        return e

    yield "y_shared", library().build(more=[STACK])
    yield "y_shared32", library(wide=False, machine=3).build(more=[STACK])
    yield "y_big32", library(wide=False, big=True, machine=20).build(more=[STACK])
    yield "y_big64", library(big=True, machine=22).build(more=[STACK])
    e = library()
    e.entry(12, PAGE)
    e.entry(27, 24)
    yield "y_constructors", e.build(more=[STACK])
    yield "y_program", library().build(more=[STACK], interpreter="/lib64/ld-linux-x86-64.so.2")
    e = library()
    e.entry(29, "$ORIGIN/../thing.libs:${ORIGIN}:$ORIGIN/../..")
    yield "y_runpath_inside", e.build(more=[STACK])
    e = library()
    e.entry(29, "$ORIGIN/../../../lib:/tmp/x:$ORIGINX")
    e.entry(15, ":rel")
    yield "y_runpath_outside", e.build(more=[STACK])
    e = library()
    e.entry(1, "/tmp/evil.so")
    e.entry(0x6FFFFEFC, "audit.so")
    yield "y_needed_path", e.build(more=[STACK])
    yield "y_execstack", library().build(more=[(0x6474E551, 7, 0, 0, 0)])
    yield "y_no_stack", library().build()
    yield "y_no_stack_arm64", library(machine=183).build()
    yield "y_writable_code", library().build(load=7, more=[STACK])
    yield "y_overlay", library().build(more=[STACK]) + b"PK\x03\x04 and so on"
    yield "y_padding", library().build(more=[STACK]) + bytes(100)
    e = library()
    e.body = b"\0https://a.example/x?y=1\0http://a.example/x\0https://a.example/x?y=1\0" \
             b"see http://b.example/doc.\0http://%s/\0http://\0" \
             b"198.51.100.7:8080\0" b"198.51.100.7/run\0" b"10.0.0.0/8\0" b"1.2.3.4\0" b"version 1.2.3.4.5:80\0" \
             b"ftp://c.example/\0" + "https://wide.example/p".encode("utf-16-le") + bytes(2) + \
             b"https://r.example/onehttps://r.example/two\0notascheme://d.example/\0"
    yield "y_addresses", e.build(more=[STACK])
    e = library()
    e.body = b"".join(b"https://h%d.example/\0" % i for i in range(80)) + \
             b"".join(b"https://same.example/%d\0" % i for i in range(20))
    yield "y_many_addresses", e.build(more=[STACK])
    names = b"\0.text\0.note.GNU-stack\0"
    at = 64 + 8
    code = [(0, 0, 0, 0, 0), (0, 3, 0, at, len(names)), (1, 1, 4, at, 4)]
    for name, sections in (("y_object", [(7, 1, 0, 0, 0)]), ("y_object_execstack", [(7, 1, 4, 0, 0)]),
                           ("y_object_no_note", [])):
        e = Elf(kind=1)
        e.body = names
        e.sections = code + sections
        e.change = {"shstrndx": 1}
        yield name, e.build()
    yield "n_header", library().build(more=[STACK])[:40]
    yield "n_no_end", library().build(more=[STACK], end=False)
    yield "n_strings", library().build(more=[STACK], strsz=1 << 40)
    e = library()
    e.dynamic.append((1, 1 << 33))
    yield "n_string_beyond", e.build(more=[STACK])
    e = library()
    e.change = {"phnum": 60000}
    yield "n_segments_beyond", e.build(more=[STACK])
    e = library()
    e.change = {"phoff": (1 << 64) - 8}
    yield "n_segments_overflow", e.build(more=[STACK])
    e = library()
    e.change = {"phentsize": 1}
    yield "n_small_segments", e.build(more=[STACK])
    e = library()
    e.change = {"shoff": 1 << 40, "shnum": 3}
    yield "n_sections_beyond", e.build(more=[STACK])
    e = library()
    e.change = {"phnum": 0xFFFF, "shoff": 0}
    yield "n_xnum", e.build(more=[STACK])
    yield "n_two_dynamic", library().build(more=[STACK, (2, 6, 0, PAGE, 16)])
    yield "n_segment_beyond", library().build(more=[STACK, (1, 4, 1 << 30, 1 << 20, 1 << 30)])
    yield "n_segment_wraps", library().build(more=[STACK, (1, 4, 0, (1 << 64) - 8, 64)])


# ---- Mach-O: mach-o/loader.h, mach-o/fat.h ----

class Macho:
    def __init__(self, wide=True, big=False, cpu=0x0100000C, kind=6, flags=0):
        self.wide, self.order, self.cpu, self.kind, self.flags = wide, ">" if big else "<", cpu, kind, flags
        self.commands, self.body = [], b""
        self.change = {}

    def pack(self, what, *values):
        return struct.pack(self.order + what.replace("W", "Q" if self.wide else "I"), *values)

    def command(self, kind, body):
        body += bytes(-len(body) % 8)
        self.commands.append(self.pack("II", kind, 8 + len(body)) + body)

    def text(self, kind, text, fixed=b""):
        """A command with one string behind its fixed part."""
        self.command(kind, self.pack("I", 12 + len(fixed)) + fixed + text.encode() + b"\0")

    def dylib(self, text, kind=0xC):
        self.text(kind, text, self.pack("III", 2, 0x10000, 0x10000))

    def segment(self, off, size, prot=5, memory=None, sections=()):
        body = b"__TEXT" + bytes(10) + self.pack("WWWW", 0, memory or size or PAGE, off, size)
        body += self.pack("IIII", prot, prot, len(sections), 0)
        for flags, length in sections:
            body += b"__init".ljust(16, b"\0") + b"__DATA".ljust(16, b"\0")
            body += self.pack("WWIIIIIII", 0, length, 0, 3, 0, 0, flags, 0, 0)
            body += self.pack("I", 0) if self.wide else b""
        self.command(0x19 if self.wide else 1, body)

    def build(self):
        commands = b"".join(self.commands)
        fields = dict(ncmds=len(self.commands), size=len(commands))
        fields.update(self.change)
        head = self.pack("IIIIIII", 0xFEEDFACF if self.wide else 0xFEEDFACE, self.cpu, 0, self.kind,
                         fields["ncmds"], fields["size"], self.flags)
        return head + (self.pack("I", 0) if self.wide else b"") + commands + self.body


def fat(slices, wide=False, count=None, offsets=None):
    what = ">IIQQII" if wide else ">IIIII"
    at = 4096 if offsets is None else 0
    head = struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, len(slices) if count is None else count)
    body = b""
    for i, (cpu, data) in enumerate(slices):
        off = offsets[i] if offsets else at + len(body)
        head += struct.pack(what, cpu, 0, off, len(data), 12, *([0] if wide else []))
        body += data + bytes(-len(data) % 64 if i + 1 < len(slices) else 0)
    return head + bytes(at - len(head) if at else 0) + body


def machos():
    def library(**kw):
        m = Macho(**kw)
        m.text(0xD, "@rpath/libthing.dylib", m.pack("III", 2, 0, 0))
        m.dylib("/usr/lib/libSystem.B.dylib")
        return m

    yield "y_dylib", library().build()
    yield "y_dylib32", library(wide=False, cpu=7).build()
    yield "y_big32", library(wide=False, big=True, cpu=18).build()
    yield "y_big64", library(big=True, cpu=0x01000012).build()
    m = library(kind=8)
    m.segment(0, 64, sections=[(9, 24), (0x16, 8)])
    yield "y_constructors", m.build()
    m = library()
    m.text(0x8000001C, "@loader_path/../thing.dylibs")
    m.text(0x8000001C, "@executable_path/../lib")
    m.dylib("@loader_path/.dylibs/x.dylib")
    yield "y_rpath_inside", m.build()
    m = library()
    m.text(0x8000001C, "@loader_path/../../../lib")
    m.text(0x8000001C, "/opt/lib")
    m.dylib("/opt/lib/x.dylib", 0x80000018)
    m.dylib("bare.dylib", 0x8000001F)
    m.text(0x27, "DYLD_INSERT_LIBRARIES=/tmp/x.dylib")
    yield "y_rpath_outside", m.build()
    yield "y_execstack", library(kind=2, flags=0x20000).build()
    m = library()
    m.segment(0, 64, prot=7)
    yield "y_writable_code", m.build()
    yield "y_overlay", library().build() + b"#!/bin/sh\n"
    m = library()
    m.body = b"\0http://a.example/\0"
    yield "y_addresses", m.build()
    one, two = library().build(), library(cpu=0x01000007).build()
    yield "y_fat", fat([(0x0100000C, one), (0x01000007, two)])
    yield "y_fat64", fat([(0x0100000C, one), (0x01000007, two)], wide=True)
    yield "y_fat_archive", fat([(0x0100000C, b"!<arch>\n")])
    overlap = fat([(0x0100000C, one), (0x01000007, one)], offsets=[4096, 4100])[:48]
    yield "n_fat_overlap", overlap.ljust(4096, b"\0") + one + bytes(4)
    inner = fat([(0x0100000C, one)])
    yield "n_fat_cyclic", fat([(7, inner)], offsets=[0]) + bytes(4096)
    yield "n_fat_in_fat", fat([(7, inner)])
    yield "n_fat64_many", fat([], wide=True, count=41)
    yield "n_fat64_beyond", fat([(7, one)], wide=True, offsets=[1 << 62])
    m = library()
    m.change = {"ncmds": 0xFFFFFFFF}
    yield "n_many_commands", m.build()
    m = library()
    m.change = {"size": 0xFFFFFFF0}
    yield "n_commands_beyond", m.build()
    m = library()
    m.commands[0] = m.pack("II", 0xD, 0)
    yield "n_command_of_nothing", m.build()
    m = library()
    m.command(0xC, m.pack("I", 4000) + bytes(20))
    yield "n_string_beyond", m.build()
    m = library()
    m.segment(1 << 30, 1 << 30)
    yield "n_segment_beyond", m.build()
    m = library()
    m.segment((1 << 64) - 8, 64)
    yield "n_segment_overflow", m.build()
    m = library()
    m.segment(0, 0)
    m.commands[-1] = m.commands[-1][:64] + m.pack("II", 0xFFFFFFFF, 0)
    yield "n_many_sections", m.build()
    m = library()
    m.command(0x2C, m.pack("IIII", 0, 0, 1, 0))
    yield "n_encrypted", m.build()


# ---- PE: PE Format ----

class Pe:
    ALIGN = 512

    def __init__(self, wide=True, machine=0x8664, dll=True, nx=True, subsystem=2):
        self.wide, self.machine, self.dll, self.nx, self.subsystem = wide, machine, dll, nx, subsystem
        self.body = b"\0" * 8  # of the one section, at address 0x1000
        self.directories = {}
        self.flags = 0x60000020
        self.change = {}
        self.tail = b""

    def put(self, data):
        at = PAGE + len(self.body)
        self.body += data + bytes(-len(data) % 4)
        return at

    def imports(self, names, which=1):
        table = b""
        for name in names:
            at = self.put(name.encode() + b"\0")
            table += struct.pack("<IIIII", 0, 0, 0, at, PAGE) if which == 1 else \
                struct.pack("<IIIIIIII", 1, at, 0, 0, 0, 0, 0, 0)
        table += bytes(20 if which == 1 else 32)
        self.directories[which] = (self.put(table), len(table))

    def exports(self, name):
        at = self.put(name.encode() + b"\0")
        self.directories[0] = (self.put(struct.pack("<IIIIIIIIII", 0, 0, 0, at, 1, 0, 0, 0, 0, 0)), 40)

    def build(self):
        word = "Q" if self.wide else "I"
        base = 0x180000000 if self.wide else 0x10000000
        directories = b"".join(struct.pack("<II", *self.directories.get(i, (0, 0))) for i in range(16))
        self.body += bytes(-len(self.body) % self.ALIGN)
        fields = dict(sections=1, raw=self.ALIGN, raw_size=len(self.body), count=16, symbols=0, symbols_n=0)
        fields.update(self.change)
        optional = struct.pack("<HBBIIIII", 0x20B if self.wide else 0x10B, 14, 0, len(self.body), 0, 0, 0, PAGE)
        optional += b"" if self.wide else struct.pack("<I", PAGE)
        optional += struct.pack("<" + word + "IIHHHHHHIIIIHH", base, PAGE, self.ALIGN, 6, 0, 0, 0, 6, 0, 0,
                                0x3000, self.ALIGN, 0, self.subsystem, 0x100 if self.nx else 0)
        optional += struct.pack("<" + word * 4 + "II", 1 << 20, PAGE, 1 << 20, PAGE, 0, fields["count"])
        optional += directories
        header = struct.pack("<HHIIIHH", self.machine, fields["sections"], 0, fields["symbols"],
                             fields["symbols_n"], len(optional), 0x2002 if self.dll else 2)
        section = b".text\0\0\0" + struct.pack("<IIIIIIHHI", len(self.body), PAGE, fields["raw_size"],
                                              fields["raw"], 0, 0, 0, 0, self.flags)
        head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + header + optional + section
        return head + bytes(self.ALIGN - len(head)) + self.body + self.tail


def pes():
    def library(**kw):
        p = Pe(**kw)
        p.exports("thing.dll")
        p.imports(["KERNEL32.dll", "python311.dll"])
        return p

    yield "y_dll", library().build()
    yield "y_dll32", library(wide=False, machine=0x14C).build()
    yield "y_program", library(dll=False, machine=0xAA64).build()
    p = library()
    p.imports(["WS2_32.dll"], which=13)
    yield "y_delayed", p.build()
    p = library()
    p.imports(["..\\evil.dll"], which=1)
    yield "y_import_path", p.build()
    yield "y_no_nx", library(nx=False).build()
    yield "y_no_nx_program", library(wide=False, machine=0x14C, nx=False, dll=False, subsystem=3).build()
    p = library()
    p.flags = 0xE0000020
    yield "y_writable_code", p.build()
    p = library()
    p.tail = b"Nullsoft and so on"
    yield "y_overlay", p.build()
    p = library()
    p.put(b"\0https://a.example/x\0" + "http://wide.example:81/".encode("utf-16-le") + bytes(2))
    yield "y_addresses", p.build()
    p = library()
    callbacks = p.put(struct.pack("<QQQ", 1, 2, 0))
    p.directories[9] = (p.put(struct.pack("<QQQQII", 0, 0, 0, 0x180000000 + callbacks, 0, 0)), 40)
    yield "y_callbacks", p.build()
    p = library()
    p.tail = bytes(3) + b"certificates" + b"appended"
    size = len(library().build())
    p.directories[4] = (size, 15)
    yield "y_signed_overlay", p.build()
    p = library()
    p.tail = struct.pack("<18sI4s", b"symbol", 8, b"abc\0")
    p.change = {"symbols": size, "symbols_n": 1}
    yield "y_symbols", p.build()
    yield "n_header", library().build()[:80]
    yield "n_optional", library().build()[:120]
    p = library()
    p.change = {"sections": 0xFFFF}
    yield "n_many_sections", p.build()
    p = library()
    p.change = {"raw": 0xFFFFFE00}
    yield "n_section_beyond", p.build()
    p = library()
    p.directories[1] = (0xFFFFFFF0, 40)
    yield "n_imports_beyond", p.build()
    p = library()
    p.directories[1] = (PAGE + 510, 40)
    yield "n_imports_cut", p.build()
    p = library()
    p.directories[1] = (p.put(struct.pack("<IIIII", 0, 0, 0, 0xFFFFFF00, PAGE) * 30), 600)
    yield "n_import_names", p.build()
    p = library()
    p.directories[4] = (size, 1 << 30)
    yield "n_certificates", p.build()
    p = library()
    p.change = {"symbols": 0xFFFFFFFF, "symbols_n": 0xFFFFFFFF}
    yield "n_symbols", p.build()
    p = library()
    p.change = {"count": 0xFFFFFFFF}
    yield "y_many_directories", p.build()


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "corpus"
    for name, files in (("elf", elves()), ("macho", machos()), ("pe", pes())):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, data in files:
            (folder / name / file).write_bytes(data)


if __name__ == "__main__":
    main()

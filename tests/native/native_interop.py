#!/usr/bin/env python3
"""What our readers say of native files, against readelf, macholib and pefile.

The files are all libraries of this machine's Python and of /usr/lib, and those of popular wheels
for macOS and Windows, which are fetched. Compared are what a file needs and what it calls itself,
for ELF its RPATH and RUNPATH too; no file of them may be called broken.

Usage: native_interop.py    PRATIQUE_NATIVE names the tool; build/asan/native without it
"""
import logging
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile

import macholib.MachO
import macholib.mach_o
import pefile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = os.environ.get("PRATIQUE_NATIVE", str(ROOT / "build/asan/native"))
PACKAGES = ["numpy", "cryptography", "pillow", "orjson", "lxml"]
PLATFORMS = {
    "macOS": ["macosx_11_0_arm64", "macosx_10_12_x86_64", "macosx_10_9_universal2"],
    "Windows": ["win_amd64"],
    "Windows, 32 bits": ["win32"],
}
LIBRARIES_MAX = 600
logging.disable(logging.CRITICAL)  # macholib says what it does not know


def told(paths):
    """Of each path: the files in it, as (kind, own name, what it needs), and all other facts."""
    lines = "".join(f"package/{pathlib.Path(p).name}\t{p}\n" for p in paths)
    done = subprocess.run([TOOL], input=lines.encode(), capture_output=True, check=True)
    answer = []
    for block in done.stdout.decode("utf-8", "replace").split("\n. ")[:len(paths)]:
        facts = [line.split("\t") for line in block.split("\n") if "\t" in line]
        answer.append(facts)
    assert len(answer) == len(paths), (len(answer), len(paths))
    return list(zip(paths, answer))


def parse_file(fact):
    """NATIVE_FILE's detail: own name, needs; "..." where the list was too long."""
    parts = [p for p in fact[2].split("; ") if p]
    needs = next((p[6:] for p in parts if p.startswith("needs ")), "")
    more = re.search(r" and \d+ more$", needs)
    own = [p for p in parts if not re.match(r"needs |interpreter |\d+ (constructors|thread)|signed$|\.NET$", p)]
    return (own[0] if own else None, [n for n in needs[:more.start() if more else None].split(", ") if n], bool(more))


def same(path, ours, theirs, faults):
    own, needs, more = ours
    want_own, want = theirs
    if own != want_own or (needs != want[:len(needs)] if more else needs != want):
        faults.append(f"{path}: {ours} and not {theirs}")


def inside(entry):
    """As search.c has it, for a file one folder deep."""
    for token in ("$ORIGIN", "${ORIGIN}"):
        if entry == token or entry.startswith(token + "/"):
            depth = 1
            for part in entry[len(token):].split("/"):
                depth += -1 if part == ".." else part not in ("", ".")
                if depth < 0:
                    return False
            return True
    return False


def readelf(path):
    out = subprocess.run(["readelf", "-dW", path], capture_output=True, check=False,
                         env=dict(os.environ, LC_ALL="C")).stdout.decode("utf-8", "replace")
    find = lambda tag: re.findall(r"\(" + tag + r"\)\s+[^\[\n]*\[(.*)\]", out)
    own = find("SONAME")
    outside = [e for tag in ("RPATH", "RUNPATH") for paths in find(tag) for e in paths.split(":")
               if not inside(e)]
    return own[0] if own else None, find("NEEDED"), outside


def elf_files():
    folders = ["/usr/lib", sysconfig.get_config_var("DESTSHARED") or "/usr/lib"]
    found = []
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.so*")):
            if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF":
                found.append(str(path))
    return found[::max(1, len(found) // LIBRARIES_MAX)]


def compare_elf():
    faults, paths = [], elf_files()
    for path, facts in told(paths):
        own, needs, outside = readelf(path)
        file = [f for f in facts if f[0] == "NATIVE_FILE"]
        if len(file) != 1:
            faults.append(f"{path}: {len(file)} files")
            continue
        same(path, parse_file(file[0]), (own, needs), faults)
        paths_told = [f[1] for f in facts if f[0] == "NATIVE_RPATH" and f[2] in ("DT_RPATH", "DT_RUNPATH")]
        if sorted(paths_told) != sorted(e or "(the current folder)" for e in outside):
            faults.append(f"{path}: {paths_told} and not {outside}")
        faults += [f"{path}: {f}" for f in facts if f[0] == "NATIVE_BROKEN"]
    return len(paths), faults


def fetched(folder, platforms):
    """The native files of the wheels for a platform, unpacked."""
    for package in PACKAGES:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check",
                        *(a for p in platforms for a in ("--platform", p)), "--python-version", "3.11",
                        "--only-binary", ":all:", "--no-deps", "-d", folder, package],
                       check=False, capture_output=True)
    found = []
    for wheel in sorted(pathlib.Path(folder).glob("*.whl")):
        with zipfile.ZipFile(wheel) as z:
            for info in z.infolist():
                if info.filename.endswith((".so", ".dylib", ".pyd", ".dll")):
                    found.append(z.extract(info, pathlib.Path(folder) / wheel.stem))
    return found


def macho_says(path):
    answer = []
    for header in macholib.MachO.MachO(path).headers:
        own, needs = None, []
        for load, command, data in header.commands:
            name = macholib.mach_o.LC_NAMES.get(load.cmd, "")
            text = data.rstrip(b"\0").decode("utf-8", "replace") if isinstance(data, bytes) else ""
            if name == "LC_ID_DYLIB":
                own = text
            elif name in ("LC_LOAD_DYLIB", "LC_LOAD_WEAK_DYLIB", "LC_REEXPORT_DYLIB",
                          "LC_LOAD_UPWARD_DYLIB", "LC_LAZY_LOAD_DYLIB"):
                needs.append(text)
        answer.append((own, needs))
    return answer


def pe_says(path):
    pe = pefile.PE(path)
    name = getattr(getattr(pe, "DIRECTORY_ENTRY_EXPORT", None), "name", None)
    lists = [getattr(pe, a, []) for a in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT")]
    return [(name.decode() if name else None, [e.dll.decode() for entries in lists for e in entries])]


def compare_fetched(platforms, says):
    faults = []
    with tempfile.TemporaryDirectory(prefix="pratique-native-") as folder:
        paths = fetched(folder, platforms)
        for path, facts in told(paths) if paths else []:
            files = [f for f in facts if f[0] == "NATIVE_FILE"]
            theirs = says(path)
            if len(files) != len(theirs):
                faults.append(f"{path}: {len(files)} files and not {len(theirs)}")
            for ours, want in zip(files, theirs):
                same(path, parse_file(ours), want, faults)
            faults += [f"{path}: {f}" for f in facts if f[0] == "NATIVE_BROKEN"]
    return len(paths), faults


def main():
    steps = [("ELF as readelf has it", compare_elf),
             ("Mach-O as macholib has it", lambda: compare_fetched(PLATFORMS["macOS"], macho_says)),
             ("PE as pefile has it", lambda: compare_fetched(PLATFORMS["Windows"], pe_says)),
             ("PE of 32 bits as pefile has it",
              lambda: compare_fetched(PLATFORMS["Windows, 32 bits"], pe_says))]
    bad = 0
    for n, (what, step) in enumerate(steps, 1):
        files, faults = step()
        for fault in faults[:20]:
            print(f"# {fault}")
        if files == 0:
            print(f"ok {n} - {what} # SKIP no files")
            continue
        bad += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {n} - {what}: {files} files")
    print(f"1..{len(steps)}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()

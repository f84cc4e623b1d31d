#!/usr/bin/env python3
"""make install: program, library (static and shared), header, pkg-config file, manual page."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from _tap import HOSTILE, ROOT, Skip, equal, main, test

EXAMPLE = r"""
#include <pratique/pratique.h>
#include <stdio.h>

static void on_report(void *user, const struct pratique_report *r)
{
    *(enum pratique_verdict *)user = pratique_report_verdict(r);
}

int main(int argc, char **argv)
{
    struct pratique_options options = { .workers = 1 };
    struct pratique_error err = { 0 };
    enum pratique_verdict v = PRATIQUE_UNDECIDED;
    struct pratique_gate *gate;

    if (pratique_gate_open(&gate, &options, &err) != PRATIQUE_OK)
        return puts(err.msg), 9;
    if (pratique_gate_scan(gate, (const char *const *)argv + 1, (size_t)argc - 1, on_report, NULL,
                           &v, &err) != PRATIQUE_OK)
        return puts(err.msg), 9;
    pratique_gate_close(gate);
    puts(pratique_verdict_name(v));
    return 0;
}
"""


def make(*words):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-s", "--no-print-directory", *words], cwd=ROOT, env=env,
                          capture_output=True, text=True)
    equal(done.returncode, 0, f"make {words}: {done.stdout} {done.stderr}")


def files(top):
    return sorted(str(p.relative_to(top)) for p in pathlib.Path(top).rglob("*") if not p.is_dir())


@test
def install_and_uninstall():
    with tempfile.TemporaryDirectory(prefix="pratique test ") as top:
        make("install", f"DESTDIR={top}", "PREFIX=/usr")
        got = files(top)
        for name in ("usr/bin/pratique", "usr/include/pratique/pratique.h", "usr/lib/libpratique.a",
                     "usr/lib/libpratique.so", "usr/lib/libpratique.so.0",
                     "usr/lib/pkgconfig/pratique.pc", "usr/share/man/man1/pratique.1"):
            assert name in got, (name, got)
        done = subprocess.run([f"{top}/usr/bin/pratique", "--version"], capture_output=True, text=True)
        version = re.search(r'PRATIQUE_VERSION "(.*)"',
                            (ROOT / "include/pratique/pratique.h").read_text())[1]
        equal(done.stdout, f"pratique {version}\n")
        make("uninstall", f"DESTDIR={top}", "PREFIX=/usr")
        equal(files(top), [], "uninstall takes everything away")


def pkg_config(prefix, *words):
    env = dict(os.environ, PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    return subprocess.run(["pkg-config", *words, "pratique"], env=env, check=True,
                          capture_output=True, text=True).stdout.split()


@test
def a_program_links_the_installed_library():
    if not shutil.which("pkg-config"):
        raise Skip("pkg-config is not installed")
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
        make("install", f"PREFIX={top}")
        pathlib.Path(top, "example.c").write_text(EXAMPLE)
        pathlib.Path(top, "bad.pkl").write_bytes(HOSTILE)
        shared = ["gcc", "-o", f"{top}/shared", f"{top}/example.c",
                  *pkg_config(top, "--cflags", "--libs")]
        archive = ["gcc", "-o", f"{top}/static", f"{top}/example.c", *pkg_config(top, "--cflags"),
                   f"{top}/lib/libpratique.a",
                   *[w for w in pkg_config(top, "--static", "--libs") if w != "-lpratique"]]
        for command in (shared, archive):
            done = subprocess.run(command, capture_output=True, text=True)
            equal(done.returncode, 0, done.stderr)
            done = subprocess.run([command[2], f"{top}/bad.pkl"], capture_output=True, text=True,
                                  env=dict(os.environ, LD_LIBRARY_PATH=f"{top}/lib"))
            equal((done.stdout, done.returncode), ("refuse\n", 0), command[2])


@test
def the_shared_library_exports_the_public_names_alone():
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
        make("install", f"PREFIX={top}")
        out = subprocess.run(["nm", "-D", "--defined-only", f"{top}/lib/libpratique.so"], check=True,
                             capture_output=True, text=True).stdout
        exported = {line.split()[-1].split("@")[0] for line in out.splitlines() if " T " in line}
        header = (ROOT / "include/pratique/pratique.h").read_text()
        declared = set(re.findall(r"\b(pratique_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.S)))
        equal(exported, {name for name in declared if not name.endswith("_fn")})


main()

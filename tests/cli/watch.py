#!/usr/bin/env python3
"""pratique watch without a sandbox: options, exit statuses, and the four forms of its report.

What it watches is made up (tests/watch/stand_in.c goes by the wheel's name); what a sandbox
sees is tested in tests/watch.
"""

import base64
import hashlib
import html.parser
import json
import os
import re

import _schema
from _tap import (ADMIT, BENIGN, HOSTILE, ROOT, STAND_IN, STOPPED, UNDECIDED, USAGE, Skip, equal, folder,
                  main, run, test)

SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())
URL = "https://files.example/transformers.pyz"


def watch(*args, **kw):
    return run("watch", *args, program=STAND_IN, **kw)


def watch_json(*args, **kw):
    done = watch("--format", "json", *args, **kw)
    report = json.loads(done.stdout.decode())
    _schema.check(report, SCHEMA, SCHEMA)
    return report, done


@test
def wrong_use_is_2_and_says_what_to_do():
    rows = [
        ([], "name a wheel"),
        (["thing-1.0.tar.gz"], "build it first: python -m build --wheel"),
        (["thing-1.0.zip"], "pratique watch -- pip wheel"),
        (["-"], "standard input"),
        (["a.whl", "--", "true"], "not both"),
        (["--"], "which command"),
        (["--", "a.whl"], "named without it"),
        (["--read", "/tmp", "a.whl"], "for a command"),
        (["--write", "/tmp", "a.whl"], "for a command"),
        (["--python", "python3", "--", "true"], "for wheels"),
        (["--with", "b.whl", "--", "true"], "for wheels"),
        (["--require-isolation", "some", "a.whl"], "full"),
        (["--processes", "0", "a.whl"], "whole number"),
        (["--max-disk", "all", "a.whl"], "bytes"),
        (["--format", "yaml", "a.whl"], "html"),
        (["--python"], "needs a value"),
        (["--python", "--", "true"], "for wheels"),
        (["foreign.whl"], "foreign.whl: for another platform"),
    ]
    for args, says in rows:
        done = watch(*args)
        equal((done.returncode, done.stdout), (USAGE, b""), args)
        assert says in done.stderr.decode(), (args, done.stderr)
        assert done.stderr.startswith(b"pratique: ") and done.stderr.count(b"\n") == 1, done.stderr


@test
def a_file_that_looks_like_an_option_gives_no_orders():
    with folder() as d:
        (d / "--").write_bytes(b"")
        done = watch("--", "true", cwd=d)
        equal(done.returncode, USAGE)
        assert b"also a file" in done.stderr, done.stderr


@test
def every_option_in_the_help_is_taken():
    text = watch("--help").stdout.decode()
    assert max(map(len, text.splitlines())) <= 100, text
    values = {"FORMAT": "json", "FILE": "/dev/null", "NAME": "python3", "PATH": "b.whl", "DIR": "/tmp",
              "N": "2", "BYTES": "1G", "SECONDS": "60"}
    found = re.findall(r"--([a-z0-9-]+)(?: ([A-Z]+))?", text.split("\n\n")[1])
    assert len(found) > 18, found
    for name, value in found:
        if name in ("help", "require-isolation"):
            continue
        args = [f"--{name}"] + ([values[value]] if value else [])
        what = ["--", "true"] if name in ("read", "write") else ["a.whl"]
        equal(watch(*args, *what).returncode, ADMIT, args)


@test
def the_exit_status_is_the_worst_verdict():
    rows = [
        (["clean.whl"], ADMIT),
        (["guilty.whl"], STOPPED),
        (["clean.whl", "guilty.whl", "clean.whl"], STOPPED),
        (["missing.whl"], UNDECIDED),
        (["--require-isolation", "full", "clean.whl"], UNDECIDED),
        (["clean.whl", "missing.whl"], UNDECIDED),
        (["clean.whl", "foreign.whl"], USAGE),
        (["--", "true"], ADMIT),
        (["--", "false"], ADMIT),  # the verdict's, not the command's
    ]
    for args, want in rows:
        for form in ("text", "json", "sarif", "html"):
            equal(watch("--format", form, *args).returncode, want, (args, form))


@test
def what_could_not_be_watched_leaves_no_whole_report():
    with folder() as d:
        for wheel in ("missing.whl", "foreign.whl"):
            done = watch("-f", "json", "-o", "r.json", "clean.whl", wheel, cwd=d)
            assert done.returncode in (UNDECIDED, USAGE) and wheel.encode() in done.stderr
            assert not (d / "r.json").exists(), wheel


@test
def of_a_folder_every_wheel_is_watched():
    with folder() as d:
        for name in ("b.whl", "a-guilty.whl", "c.txt", "C.WHL"):
            (d / name).write_bytes(b"")
        report, done = watch_json(".", cwd=d)
        equal([a["path"] for a in report["artifacts"]], ["./C.WHL", "./a-guilty.whl", "./b.whl"])
        equal(done.returncode, STOPPED)
    with folder() as d:
        done = watch(str(d))
        equal((done.returncode, done.stdout), (UNDECIDED, b""))
        assert b"no wheel" in done.stderr


@test
def json_has_every_event_and_process():
    report, _ = watch_json("guilty.whl")
    seen = report["artifacts"][0]["watch"]
    equal((seen["isolation"], seen["status"]), ("full", None))
    equal(len(seen["events"]), 24)
    request = next(e for e in seen["events"] if e["kind"] == "request")
    equal((request["subject"], request["detail"], request["number"]), (URL, "GET", 204))
    equal(request["frames"][0], "/usr/lib/python3.11/urllib/request.py:216 urlopen")
    equal((request["severity"], len(request["frames"])), ("high", 5))
    equal([(p["pid"], p["parent"], p["ended_us"]) for p in seen["processes"]],
          [(2, 0, 290000), (7, 2, 420000), (8, 7, None), (2, 0, 2400000)])
    report, _ = watch_json("--", "false")
    equal(report["artifacts"][0]["watch"]["status"], 256)
    watch_json("hostile.whl")


@test
def a_scan_has_no_watch():
    with folder(good_pkl=BENIGN, bad_pkl=HOSTILE) as d:
        report = json.loads(run("scan", "-f", "json", ".", cwd=d).stdout)
        equal([a["watch"] for a in report["artifacts"]], [None, None])


@test
def text_keeps_to_the_width_of_the_screen():
    for args in (["guilty.whl"], ["-v", "guilty.whl"], ["-v", "hostile.whl"], ["--", "true"]):
        for width in (60, 80, 100):
            text = watch(*args, env={"COLUMNS": str(width)}).stdout.decode()
            for line in text.splitlines()[:-1]:
                head = line.split(" ")[0] in ("admit", "refuse")
                odd = "18446744073709" in line or "&amp;" in line  # times and kinds that are none
                assert len(line) <= width or head or odd, (width, line)
    assert len(watch("guilty.whl", env={"COLUMNS": "100"}).stdout.splitlines()) <= 45


@test
def what_a_command_printed_is_shown():
    done = watch("--", "true")
    assert "cc -c a.c" in done.stdout.decode() and "exit status 0" in done.stdout.decode()
    equal(done.stderr, b"", "the report has it")


@test
def nothing_steers_the_terminal():
    for form in ("text", "json", "sarif", "html"):
        text = watch("-v", "-f", form, "hostile.whl").stdout.decode()
        for c in text:
            assert c == "\n" or " " <= c < "\x7f" or c > "\xa0", (form, c)
            assert c not in "\u202e\u2066\u200b", (form, c)


class Page(html.parser.HTMLParser):
    """Everything that a browser could take for more than text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.scripts, self.text, self.trouble = {}, [], [], [], []
        self.feed(text)
        self.close()

    VOID = {"meta", "input", "br"}
    ATTRIBUTES = {"class", "style", "title", "open", "lang", "charset", "http-equiv", "content", "name",
                  "type", "value", "checked", "hidden", "placeholder", "aria-label", "colspan",
                  "data-group"}

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name not in self.ATTRIBUTES:
                self.trouble.append((tag, name, value))
            if name == "style" and not re.fullmatch(
                    r"(left|width|--depth):[0-9.]+%?(;width:[0-9.]+%)?", value):
                self.trouble.append((tag, name, value))
            if name == "class" and not re.fullmatch(r"[a-z ]+", value):
                self.trouble.append((tag, name, value))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.trouble.append(("end", tag))

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)


@test
def html_holds_what_is_hostile_as_text():
    pages = [watch("-v", "-f", "html", *wheels).stdout.decode()
             for wheels in (["hostile.whl"], ["guilty.whl", "clean.whl", "hostile.whl"], ["--", "false"])]
    with folder(**{"bad_pkl": HOSTILE}) as d:
        (d / "a'\"><script>alert(1)<!--&.pkl").write_bytes(HOSTILE)
        pages.append(run("scan", "-f", "html", ".", cwd=d).stdout.decode())
    for text in pages:
        page = Page(text)
        equal((page.trouble, page.open), ([], []), "every element is one of ours, and closed")
        allowed = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "p", "h1",
                   "h2", "small", "b", "i", "code", "span", "details", "summary", "section", "ul", "ol",
                   "li", "dl", "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td", "label",
                   "input", "output", "script"}
        equal(set(page.tags) - allowed, set())
        equal((page.tags["script"], page.tags["style"]), (1, 1))
        assert "http" not in re.sub(r"<style>.*</style>", "", text, flags=re.S).split("<body>")[0] \
            .replace("http-equiv", ""), "nothing is fetched"
    assert "</script><script>document.title='out'</script>" in "".join(Page(pages[0]).text)


@test
def the_security_policy_of_html_allows_the_script_and_nothing_else():
    text = watch("-f", "html", "guilty.whl").stdout.decode()
    script = re.search(r"<script>(.*)</script>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    equal(policy, "default-src 'none'; style-src 'unsafe-inline'; "
                  f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


@test
def html_tells_the_whole_story():
    text = "".join(Page(watch("-f", "html", "guilty.whl").stdout.decode()).text)
    for part in ("refuse", URL, "as an ordinary user", "as root, with CI set", "python3 /tmp/transformers.pyz",
                 "signal 9", "mistralai/client/__init__.py:14 _run_background_task -> urllib.request.urlopen",
                 "/usr/lib/python3.11/urllib/request.py:216 urlopen", "Every event 24", "CPython 3.11.2"):
        assert part in text, part


def on_terminal(*args):
    """What standard error gets when it is a terminal."""
    try:
        ours, theirs = os.openpty()
    except OSError as e:
        raise Skip(f"no pseudo-terminal: {e}")
    import subprocess
    done = subprocess.run([STAND_IN, "watch", *args], stdout=subprocess.PIPE, stderr=theirs,
                          env=dict(os.environ, TERM="xterm"), timeout=60)
    os.close(theirs)
    text = b""
    try:
        while chunk := os.read(ours, 4096):
            text += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return text, done


@test
def progress_and_output_go_to_the_terminal():
    text, done = on_terminal("a.whl", "b.whl")
    assert b"watching 1 of 2: a.whl" in text and text.endswith(b"\r\x1b[K"), text
    text, done = on_terminal("--", "make")
    assert b"stdout: cc -c a.c" in text and b"admit" in done.stdout, text
    equal(done.returncode, ADMIT)


main()

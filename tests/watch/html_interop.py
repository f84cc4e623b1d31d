#!/usr/bin/env python3
"""The HTML report in a real browser: no error, no request, a filter that works, nothing hostile runs.

Needs Debian's package chromium, started headless and spoken to through a pipe (the DevTools
protocol), so that what is asked is asked of the page itself.
"""

import base64
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from _tap import STAND_IN, Skip, equal, folder, main, run, test  # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page; commands go to descriptor 3 of the browser and answers come from 4."""

    def __init__(self, profile):
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()

        def descriptors():
            # out of the way first: the ends may be 3 and 4 themselves, the wrong way round
            to, back = os.dup(to_read), os.dup(back_write)
            os.dup2(to, 3)
            os.dup2(back, 4)

        self.process = subprocess.Popen(
            [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
             f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(back_write)
        self.pending, self.events, self.number, self.session = b"", [], 0, None
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.pending:
            chunk = os.read(self.back, 1 << 16)
            assert chunk, "the browser is gone"
            self.pending += chunk
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            got = self.message()
            if got.get("id") == self.number:
                assert "error" not in got, got
                return got["result"]
            self.events.append(got)

    def show(self, path, **screen):
        """Loads a file; waits until it is there."""
        self.call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1,
                  **{"width": 1200, "height": 900, "mobile": False, **screen})
        self.events.clear()
        self.call("Page.navigate", url=f"file://{path}")
        deadline = time.monotonic() + 30
        while self.ask("document.readyState + location.href") != f"complete{pathlib.Path(path).as_uri()}":
            assert time.monotonic() < deadline, "the page does not load"
            time.sleep(0.05)

    def ask(self, expression):
        """The value of an expression in the page."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def seen(self, method):
        return [e["params"] for e in self.events if e.get("method") == method]

    def screenshot(self):
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        os.close(self.to)
        os.close(self.back)


class session:
    """A browser, and a folder with the reports."""

    def __enter__(self):
        if not BROWSER:
            raise Skip("chromium is not installed")
        self.folder = tempfile.TemporaryDirectory(prefix="pratique-html-", ignore_cleanup_errors=True)
        self.at = pathlib.Path(self.folder.name)
        self.browser = Browser(self.at / "profile")
        return self

    def report(self, *wheels):
        path = self.at / ("-".join(wheels) + ".html")
        run("watch", "-f", "html", "-o", str(path), *wheels, program=STAND_IN)
        return path

    def __exit__(self, *_):
        self.browser.close()
        self.folder.cleanup()


def check_quiet(browser, path):
    """No error, no warning, and no request but the page's own."""
    equal(browser.seen("Log.entryAdded"), [], "messages of the browser")
    equal(browser.seen("Runtime.exceptionThrown"), [], "errors of the script")
    equal(browser.seen("Runtime.consoleAPICalled"), [], "the console")
    equal([r["request"]["url"] for r in browser.seen("Network.requestWillBeSent")], [path.as_uri()])


def colours(png):
    """How many colours a picture (8 bits, RGB or RGBA) has: a blank one has one."""
    at, data, width, kind = 8, b"", 0, 0
    while at < len(png):
        n, = struct.unpack(">I", png[at:at + 4])
        name, body = png[at + 4:at + 8], png[at + 8:at + 8 + n]
        if name == b"IHDR":
            width, kind = struct.unpack(">I", body[:4])[0], body[9]
        data += body if name == b"IDAT" else b""
        at += 12 + n
    size = {2: 3, 6: 4}[kind]
    raw = zlib.decompress(data)
    row = width * size + 1
    return len({raw[i + 1 + k:i + 1 + k + size] for i in range(0, len(raw), row * 7)
                for k in range(0, width * size, size)})


@test
def the_page_is_quiet_and_asks_for_nothing():
    with session() as s:
        for wheels in (["guilty.whl"], ["hostile.whl"], ["guilty.whl", "clean.whl", "hostile.whl"]):
            path = s.report(*wheels)
            s.browser.show(path)
            check_quiet(s.browser, path)
            equal(s.browser.ask("document.title"), "Pratique report", "no script of theirs ran")
            equal(s.browser.ask("document.scripts.length"), 1)
            equal(s.browser.ask("[...document.querySelectorAll('*')].filter(e => [...e.attributes]"
                                ".some(a => a.name.startsWith('on'))).length"), 0)


VISIBLE = "[...document.querySelectorAll('.events tbody > tr')].filter(r => !r.hidden).length"
SET = ("{{ const f = document.querySelector('.events [{}]'); f.{} = {};"
       " f.dispatchEvent(new Event('input', {{bubbles: true}})); }}")


@test
def the_filter_hides_rows():
    with session() as s:
        b = s.browser
        path = s.report("guilty.whl")
        b.show(path)
        equal(b.ask("document.querySelector('.filter').hidden"), False)
        equal((b.ask(VISIBLE), b.ask("document.querySelector('output').textContent")), (24, "24 of 24"))
        b.ask(SET.format("name=fired", "checked", "true"))
        equal(b.ask(VISIBLE), 7, "what fired a rule")
        b.ask(SET.format("value=network", "checked", "false"))
        equal(b.ask(VISIBLE), 3, "of it, what is not of the network")
        b.ask(SET.format("name=fired", "checked", "false"))
        b.ask(SET.format("value=network", "checked", "true"))
        b.ask(SET.format("name=text", "value", "'TRANSFORMERS.pyz'"))
        equal(b.ask(VISIBLE), 7, "what has the text")
        b.ask(SET.format("name=text", "value", "''"))
        equal(b.ask(VISIBLE), 24)
        check_quiet(b, path)


@test
def without_scripts_everything_is_there():
    with session() as s:
        s.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        s.browser.show(s.report("guilty.whl"))
        equal(s.browser.ask("document.querySelector('.filter').hidden"), True)
        equal(s.browser.ask(VISIBLE), 24)
        text = s.browser.ask("document.body.innerText")
        assert "https://files.example/transformers.pyz" in text and "refuse" in text.lower(), text


@test
def it_fits_a_phone_and_a_screen():
    with session() as s:
        path = s.report("guilty.whl", "hostile.whl")
        for width in (360, 768, 1200):
            s.browser.show(path, width=width, mobile=width < 500)
            wide = s.browser.ask("document.documentElement.scrollWidth")
            assert wide <= width, f"{wide} pixels on a screen of {width}"
            small = s.browser.ask("Math.min(...[...document.querySelectorAll('p, li, td, summary')]"
                                  ".map(e => parseFloat(getComputedStyle(e).fontSize)))")
            assert small >= 11, f"letters of {small} pixels"


def contrast(b, selector):
    """The least contrast of text and what is behind it (WCAG 2.1), among the elements."""
    return b.ask("""(() => {
        const rgb = c => c.match(/[0-9.]+/g).map(Number);
        const lum = c => rgb(c).slice(0, 3).map(v => v / 255).map(v =>
            v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = e => { for (; e; e = e.parentElement) {
            const c = getComputedStyle(e).backgroundColor;
            if ((rgb(c)[3] ?? 1) > 0) return c; } return 'rgb(255, 255, 255)'; };
        return Math.min(...[...document.querySelectorAll('%s')].map(e => {
            const [a, b] = [lum(getComputedStyle(e).color), lum(behind(e))].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05); }));
    })()""" % selector)


@test
def light_dark_and_paper_can_be_read():
    with session() as s:
        path = s.report("guilty.whl", "clean.whl")
        for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "light")):
            s.browser.call("Emulation.setEmulatedMedia", media=media,
                           features=[{"name": "prefers-color-scheme", "value": scheme}])
            s.browser.show(path)
            for selector in ("p, li, td, th, dt, dd, h1, h2, .meta, .place", ".badge", ".key li"):
                least = contrast(s.browser, selector)
                assert least >= 4.5, f"{media}, {scheme}: {selector}: {least:.1f} to 1"
            assert colours(s.browser.screenshot()) > 20, "a picture of something"
        pdf = base64.b64decode(s.browser.call("Page.printToPDF")["data"])
        assert pdf.startswith(b"%PDF") and len(pdf) > 5000, "it prints"


main()

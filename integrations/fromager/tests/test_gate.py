"""The gate with a program that answers as it is told. Needs Fromager for the wrapper's tests alone."""

import json
import os
import pathlib
import stat
import sys
import tempfile
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "src"))

from pratique_fromager import NotWatched, Settings, WheelStopped, check, hooks  # noqa: E402

PROGRAM = """#!{python}
import json, os, sys
with open(os.environ["FAKE_SAW"], "w") as f:
    json.dump(sys.argv[1:], f)
sys.stdout.write(os.environ["FAKE_OUT"].replace("WHEEL", sys.argv[-1]))
sys.exit(int(os.environ["FAKE_STATUS"]))
"""


def answer(verdict, path="WHEEL"):
    found = {"rule": "WCH010", "severity": "high", "message": "asks for a connection", "subject": "tcp 192.0.2.1:443",
             "detail": "", "excuse": None}
    return json.dumps({"artifacts": [{"path": path, "verdict": verdict,
                                      "findings": [] if verdict == "admit" else [found]}]})


class Gate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)
        self.build, self.downloads = self.dir / "build", self.dir / "downloads"
        self.build.mkdir()
        self.wheel = self.build / "demo-1.0-py3-none-any.whl"
        self.wheel.write_bytes(b"PK")
        self.program = self.dir / "pratique"
        self.program.write_text(PROGRAM.format(python=sys.executable))
        self.program.chmod(0o755)
        self.saw = self.dir / "saw.json"
        self.says("admit", 0)
        self.ctx = types.SimpleNamespace(wheels_build=self.build, wheels_downloads=self.downloads)
        old = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(old)))
        os.environ["PRATIQUE_PROGRAM"] = str(self.program)

    def says(self, verdict, status, out=None):
        os.environ.update(FAKE_OUT=answer(verdict) if out is None else out, FAKE_STATUS=str(status),
                          FAKE_SAW=str(self.saw))

    def settings(self, **environ):
        return Settings.from_environ({"PRATIQUE_PROGRAM": str(self.program), **environ})

    def names(self, folder):
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []

    def test_admit_passes_and_leaves_the_report(self):
        self.assertEqual(check(self.wheel, self.settings()), "admit")
        report = self.build / (self.wheel.name + ".pratique.json")
        self.assertEqual(json.loads(report.read_text())["artifacts"][0]["verdict"], "admit")
        self.assertEqual(stat.S_IMODE(report.stat().st_mode), 0o644)
        self.assertEqual(self.names(self.build), [self.wheel.name, report.name])

    def test_refuse_stops_and_says_why(self):
        self.says("refuse", 1)
        with self.assertRaisesRegex(WheelStopped, "refuse.*\n.*WCH010.*192.0.2.1"):
            check(self.wheel, self.settings(), self.downloads)
        self.assertIn(self.wheel.name + ".pratique.json", self.names(self.build))
        self.assertEqual(self.names(self.downloads), [])

    def test_refuse_stops_whatever_is_set(self):
        self.says("refuse", 1)
        with self.assertRaises(WheelStopped):
            check(self.wheel, self.settings(PRATIQUE_FAIL_ON="hold"))

    def test_hold_and_undecided_stop_where_asked(self):
        for verdict, status in (("hold", 1), ("undecided", 3)):
            self.says(verdict, status)
            self.assertEqual(check(self.wheel, self.settings()), verdict)
            with self.assertRaises(WheelStopped):
                check(self.wheel, self.settings(PRATIQUE_FAIL_ON="hold,undecided"))

    def test_no_answer_stops(self):
        for what, verdict, status, out in (
                ("no report", "", 0, ""), ("no JSON", "", 0, "admit"), ("a crash", "admit", -11, None),
                ("usage", "", 2, ""), ("a report of nothing", "", 0, '{"artifacts": []}'),
                ("two", "", 0, '{"artifacts": [{}, {}]}'), ("another verdict", "great", 0, None),
                ("they disagree", "admit", 1, None), ("they disagree", "refuse", 0, None),
                ("another wheel", "", 0, answer("admit", "other.whl"))):
            with self.subTest(what):
                self.says(verdict, status if status >= 0 else 139, out)
                with self.assertRaises(NotWatched):
                    check(self.wheel, self.settings())
                self.assertEqual(self.names(self.build), [self.wheel.name])

    def test_no_program_stops(self):
        with self.assertRaises(NotWatched):
            check(self.wheel, self.settings(PRATIQUE_PROGRAM=str(self.dir / "nowhere")))

    def test_too_slow_stops(self):
        self.program.write_text("#!/bin/sh\nexec sleep 30\n")
        with self.assertRaisesRegex(NotWatched, "no end"):
            check(self.wheel, self.settings(PRATIQUE_TIMEOUT="0.2"))

    def test_command_line(self):
        check(self.wheel, self.settings(PRATIQUE_WITH="/a:/b.whl", PRATIQUE_PYTHON="python3.12",
                                        PRATIQUE_OPTIONS="--all-modules --timeout 5"))
        self.assertEqual(json.loads(self.saw.read_text()), [
            "watch", "--format", "json", "--python", "python3.12", "--all-modules", "--timeout", "5",
            "--with", "/a", "--with", "/b.whl", str(self.wheel)])

    def test_settings_that_make_no_sense(self):
        for name, value in (("PRATIQUE_FAIL_ON", "maybe"), ("PRATIQUE_TIMEOUT", "soon"), ("PRATIQUE_TIMEOUT", "nan"),
                            ("PRATIQUE_TIMEOUT", "0"), ("PRATIQUE_BEFORE_METADATA", "perhaps")):
            with self.subTest(name), self.assertRaises(ValueError):
                self.settings(**{name: value})

    def test_reports_go_where_asked(self):
        check(self.wheel, self.settings(PRATIQUE_REPORTS=str(self.dir / "reports")), self.downloads)
        self.assertEqual(self.names(self.dir / "reports"), [self.wheel.name + ".pratique.json"])

    def test_hooks_follow_the_wheel(self):
        common = dict(ctx=self.ctx, req=None, dist_name="demo", dist_version="1.0", wheel_filename=self.wheel)
        for hook, more in ((hooks.post_build, {"sdist_filename": None}), (hooks.prebuilt_wheel, {}),
                           (hooks.post_bootstrap, {"sdist_filename": None})):
            hook(**common, **more)
            self.assertEqual(self.names(self.downloads), [self.wheel.name + ".pratique.json"])
            self.says("refuse", 1)
            with self.assertRaises(WheelStopped):
                hook(**common, **more)
            self.says("admit", 0)

    def test_no_wheel_is_no_trouble(self):
        hooks.post_bootstrap(ctx=self.ctx, req=None, dist_name="demo", dist_version="1.0", sdist_filename=None,
                             wheel_filename=None)
        self.assertFalse(self.saw.exists())


class Before(unittest.TestCase):
    def setUp(self):
        try:
            from pratique_fromager import before
        except ImportError as e:
            self.skipTest(str(e))
        self.before = before

    def test_another_fromager_is_an_error(self):
        for module in (types.SimpleNamespace(), types.SimpleNamespace(add_extra_metadata_to_wheels=lambda: None)):
            with self.assertRaises(RuntimeError):
                self.before.install(module)

    def test_wraps_once(self):
        module = types.SimpleNamespace(add_extra_metadata_to_wheels=lambda *, wheel_file: wheel_file)
        self.before.install(module)
        first = module.add_extra_metadata_to_wheels
        self.before.install(module)
        self.assertIs(module.add_extra_metadata_to_wheels, first)

    def test_stops_before(self):
        called = []
        module = types.SimpleNamespace(add_extra_metadata_to_wheels=lambda *, wheel_file: called.append(wheel_file))
        self.before.install(module)
        old = os.environ.get("PRATIQUE_PROGRAM")
        os.environ["PRATIQUE_PROGRAM"] = "/nowhere/pratique"
        try:
            with self.assertRaises(NotWatched):
                module.add_extra_metadata_to_wheels(wheel_file="/x/demo-1.0-py3-none-any.whl")
        finally:
            os.environ.pop("PRATIQUE_PROGRAM")
            os.environ.update({} if old is None else {"PRATIQUE_PROGRAM": old})
        self.assertEqual(called, [])


if __name__ == "__main__":
    unittest.main()

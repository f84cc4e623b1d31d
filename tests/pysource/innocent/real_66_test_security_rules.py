"""Checks that the documented deny-list and the program agree."""
import ast
import pathlib
import re
import unittest

DENY = {
    "process": ["os.system", "os.popen", "subprocess.run", "subprocess.Popen", "pty.spawn"],
    "code": ["eval", "exec", "compile", "__import__", "runpy.run_path", "marshal.loads"],
    "network": ["socket.socket", "urllib.request.urlopen", "requests.get", "http.client.HTTPConnection"],
    "native": ["ctypes.CDLL", "cffi.FFI"],
    "load": ["pickle.load", "pickle.loads", "torch.load", "joblib.load", "shelve.open"],
}
FLAT = {name: kind for kind, names in DENY.items() for name in names}
CALL = re.compile(r"(?<![\w.])(%s)\s*\(" % "|".join(map(re.escape, sorted(FLAT, key=len, reverse=True))))


def classify(text):
    return sorted({FLAT[m[1]] for m in CALL.finditer(text)})


def strip(source):
    """The source without its strings, by way of the tree."""
    tree = ast.parse(source)
    return [ast.dump(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]


class TestDenyList(unittest.TestCase):
    maxDiff = None

    def test_each_name_is_found(self):
        for name, kind in FLAT.items():
            with self.subTest(name=name):
                self.assertEqual(classify("x = %s(y)" % name), [kind])

    def test_methods_are_not(self):
        for text in ("model.eval()", "self.exec(x)", "df.eval('a + b')", "re.compile('x')", "my.os.system(1)"):
            self.assertEqual(classify(text), [], text)

    def test_examples(self):
        example = '''
import os, pickle
os.system("echo hello")
pickle.load(open("/tmp/x", "rb"))
'''
        self.assertEqual(classify(example), ["load", "process"])

    def test_strings_hold_no_calls(self):
        self.assertEqual(strip("x = 'eval(1)'"), [])

    def test_documentation(self):
        page = pathlib.Path(__file__).with_name("rules.md")
        if page.exists():
            for name in FLAT:
                self.assertIn("`%s`" % name, page.read_text())


if __name__ == "__main__":
    unittest.main()

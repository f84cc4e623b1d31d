"""A linter of our own: walks the tree and names what it does not like."""
import ast
import sys
from typing import Iterator, NamedTuple

CALLS = {
    "eval": "E1 eval() runs text",
    "exec": "E2 exec() runs text",
    "os.system": "E3 os.system() starts a shell",
    "subprocess.call": "E4 subprocess.call() starts a process",
    "pickle.load": "E5 pickle.load() builds any object",
}


class Problem(NamedTuple):
    line: int
    column: int
    text: str


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return dotted(node.value) + "." + node.attr
    return "?"


class Visitor(ast.NodeVisitor):
    def __init__(self):
        self.problems = []
        self.depth = 0

    def report(self, node, text):
        self.problems.append(Problem(node.lineno, node.col_offset, text))

    def visit_Call(self, node):
        name = dotted(node.func)
        if name in CALLS:
            self.report(node, CALLS[name])
        for k in node.keywords:
            if k.arg == "shell" and isinstance(k.value, ast.Constant) and k.value.value is True:
                self.report(node, "E6 shell=True")
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.depth += 1
        if len(node.args.args) > 7:
            self.report(node, "W1 too many parameters")
        for default in node.args.defaults:
            if isinstance(default, (ast.List, ast.Dict, ast.Set)):
                self.report(default, "W2 mutable default")
        self.generic_visit(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ExceptHandler(self, node):
        if node.type is None:
            self.report(node, "W3 bare except")
        self.generic_visit(node)


def check(source: str, name: str = "<text>") -> Iterator[str]:
    visitor = Visitor()
    visitor.visit(ast.parse(source, name))
    for p in sorted(visitor.problems):
        yield "%s:%d:%d: %s" % (name, p.line, p.column + 1, p.text)


def main(names):
    bad = 0
    for name in names:
        with open(name, encoding="utf-8") as f:
            for line in check(f.read(), name):
                print(line)
                bad = 1
    return bad


assert list(check("import os\nos.system('x')\n")) == ["<text>:2:1: E3 os.system() starts a shell"]

"""What the oracles of the Python parser share: our tool, CPython's answer, its tree, mutations."""

import ast
import collections
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = os.environ.get("PYPARSE", str(ROOT / "build/release/pyparse"))
warnings.simplefilter("ignore")
_tests = 0


def ok(good, name, note=""):
    global _tests
    _tests += 1
    print(f"{'ok' if good else 'not ok'} {_tests} - {name}{note and ' (' + note + ')'}", flush=True)
    return good


def note(*words):
    print("#", *words, flush=True)


def ours(sources, *options):
    """Our answers: lines; with --dump, lists of lines."""
    data = b"".join(struct.pack("<I", len(s)) + s for s in sources)
    done = subprocess.run([TOOL, *options], input=data, capture_output=True)
    if done.returncode:
        note("pyparse ended with", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    lines = done.stdout.decode("utf-8", "replace").split("\n")[:-1]
    if "--dump" not in options:
        return lines
    answers = []
    it = iter(lines)
    for line in it:
        answer = [line]
        if line == "ok":
            for line in it:
                if line == ".":
                    break
                answer.append(line)
        answers.append(answer)
    return answers


def cpython(source, mode="exec"):
    """True, False, or None where CPython itself gave up."""
    try:
        compile(source, "<test>", mode, dont_inherit=True)
    except (RecursionError, MemoryError):
        return None
    except (SyntaxError, ValueError, OverflowError):
        return False
    return True


def compare(sources, answers, *names):
    """Counts agreement; the indices of sources that CPython accepts and we refuse, and others."""
    strict, loose, both = [], [], 0
    for i, (source, answer) in enumerate(zip(sources, answers)):
        accepts = cpython(source)
        if accepts is None:
            continue
        if accepts == (answer == "ok"):
            both += 1
        else:
            (strict if accepts else loose).append(i)
    return both, strict, loose


# ---- cases by hand ----


def grammar_cases():
    """(head, source) of python_new_grammar/cases.txt; head: "accept VERSION [to VERSION]" or "refuse"."""
    text = (ROOT / "tests/oracle/python_new_grammar/cases.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== ", text, flags=re.M)[1:]
    return [tuple(p.split("\n", 1)) for p in parts]


def should_accept(head, version_info):
    """Whether a CPython of that version compiles the case."""
    words = head.split()
    if words[0] == "refuse":
        return False
    first, last = (tuple(map(int, w.split("."))) for w in (words[1], words[-1]))
    return first <= tuple(version_info[:2]) and (len(words) == 2 or tuple(version_info[:2]) <= last)


# ---- trees ----

KINDS = {
    ast.Name: "NAME", ast.Constant: "CONST", ast.JoinedStr: "CONST", ast.Attribute: "ATTRIBUTE",
    ast.Subscript: "SUBSCRIPT", ast.Call: "CALL", ast.keyword: "KEYWORD", ast.Starred: "STARRED",
    ast.BinOp: "BINARY", ast.UnaryOp: "UNARY", ast.BoolOp: "BOOL", ast.Compare: "COMPARE",
    ast.IfExp: "IF_ELSE", ast.Lambda: "LAMBDA", ast.Tuple: "TUPLE", ast.List: "LIST",
    ast.Set: "SET", ast.Dict: "DICT", ast.ListComp: "LIST_COMP", ast.SetComp: "SET_COMP",
    ast.DictComp: "DICT_COMP", ast.NamedExpr: "NAMED", ast.Await: "AWAIT",
    ast.Yield: "YIELD", ast.YieldFrom: "YIELD_FROM", ast.Expr: "EXPR", ast.Assign: "ASSIGN",
    ast.AugAssign: "AUGASSIGN", ast.AnnAssign: "ANNASSIGN", ast.Return: "RETURN",
    ast.Delete: "DELETE", ast.Raise: "RAISE", ast.Assert: "ASSERT", ast.Pass: "PASS",
    ast.Break: "BREAK", ast.Continue: "CONTINUE", ast.Global: "GLOBAL", ast.Nonlocal: "NONLOCAL",
    ast.Import: "IMPORT", ast.ImportFrom: "IMPORT_FROM", ast.alias: "ALIAS", ast.If: "IF",
    ast.While: "WHILE", ast.For: "FOR", ast.AsyncFor: "FOR", ast.With: "WITH",
    ast.AsyncWith: "WITH", ast.Try: "TRY", ast.ExceptHandler: "HANDLER",
    ast.FunctionDef: "FUNCTION", ast.AsyncFunctionDef: "FUNCTION", ast.ClassDef: "CLASS",
    ast.arg: "ARG", ast.Slice: "SLICE",
}
for _name, _kind in {"TryStar": "TRY", "Match": "MATCH", "MatchValue": "PATTERN_VALUE",
                     "MatchSingleton": "PATTERN_VALUE", "MatchSequence": "PATTERN_SEQUENCE",
                     "MatchMapping": "PATTERN_MAPPING", "MatchClass": "PATTERN_CLASS",
                     "MatchStar": "PATTERN_STAR", "MatchOr": "PATTERN_OR",
                     "TypeAlias": "TYPE_ALIAS"}.items():
    if hasattr(ast, _name):
        KINDS[getattr(ast, _name)] = _kind
OURS = {"INT": "CONST", "FLOAT": "CONST", "IMAGINARY": "CONST", "NONE": "CONST", "TRUE": "CONST",
        "FALSE": "CONST", "ELLIPSIS": "CONST", "STR": "CONST", "STRINGS": "CONST",
        "FSTRING": "CONST", "DOUBLE_STARRED": "KEYWORD"}
NAMED = {"NAME": "id", "ATTRIBUTE": "attr", "KEYWORD": "arg", "FUNCTION": "name", "CLASS": "name",
         "ARG": "arg", "ALIAS": "asname", "HANDLER": "name", "PATTERN_STAR": "name",
         "PATTERN_MAPPING": "rest"}


def children(node):
    """Of an ast node, those that we have too, f-strings being leaves."""
    if isinstance(node, ast.JoinedStr):
        return
    if hasattr(ast, "MatchSingleton") and isinstance(node, ast.MatchSingleton):
        return
    yield from ast.iter_child_nodes(node)


def tree_of_cpython(source):
    found, todo = collections.Counter(), [ast.parse(source)]
    while todo:
        node = todo.pop()
        todo.extend(children(node))
        kind = KINDS.get(type(node))
        if not kind or kind == "EXPR":
            continue
        if kind == "ALIAS" and node.name == "*":
            continue
        name = getattr(node, NAMED[kind], None) if kind in NAMED else None
        found[kind, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset,
              name or ""] += 1
    return found


def tree_of_ours(lines):
    found = collections.Counter()
    known = set(KINDS.values())
    for line in lines:
        kind, a, b, c, d, name = line.split(" ", 5)
        kind = OURS.get(kind, kind)
        if kind not in known or kind == "EXPR":
            continue
        found[kind, int(a), int(b), int(c), int(d), name if kind in NAMED else ""] += 1
    return found


def tree_differs(source, lines):
    """The first few nodes that only one side has; of patterns and ** in dicts less is told."""
    a, b = tree_of_cpython(source), tree_of_ours(lines)
    only = [("CPython", k) for k in (a - b)] + [("ours", k) for k in (b - a)]
    # ast has no node for ** in a dict; a singleton's pattern holds no node of its constant
    return [o for o in only if not (o[0] == "ours" and o[1][0] in ("KEYWORD", "CONST") and not o[1][5])]


# ---- mutations ----

TOKEN = re.compile(
    rb"[ \t]+|\r?\n|#[^\n]*|[rbuftRBUFT]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
    rb"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')|\w+|\*\*|//|[-+*/%@&|^<>=!:]=|->|\.\.\."
    rb"|[^\w\s]", re.S)
EXTRA = [w.encode() for w in (
    "( ) [ ] { } , : ; . = == := -> * ** @ + - ~ not in is if else lambda await async yield from "
    "import as global nonlocal return break continue pass del match case type _ try except finally "
    "with while for def class x 1 1.0 'a' b'a' f'{x}' f'{x!r:>{w}}' None True __debug__ \\ ! ... / "
    "// print exec 0777 0x 1_ rb'' '' \"\"\" ' \" except* *args **kw").split(" ")]
EXTRA += [b"\n", b"    ", b"\n    ", b" ", b"\t"]


def piece(r, data):
    """Some lines of a file, starting where nothing is indented."""
    lines = data.split(b"\n")
    a = r.randrange(len(lines))
    b = min(len(lines), a + r.choice([5, 10, 20, 40, 80]))
    while a > 0 and lines[a][:1] in (b" ", b"\t", b"", b"#", b")"):
        a -= 1
    return b"\n".join(lines[a:b]) + b"\n"


def change(r, tokens):
    i = r.randrange(len(tokens))
    how = r.random()
    if how < 0.25:
        tokens[i] = b""
    elif how < 0.4:
        tokens.insert(i, tokens[i])
    elif how < 0.6:
        j = r.randrange(len(tokens))
        tokens[i], tokens[j] = tokens[j], tokens[i]
    elif how < 0.8:
        tokens.insert(i, b" " + r.choice(EXTRA) + b" ")
    elif how < 0.9:
        tokens[i] = r.choice(EXTRA)
    elif how < 0.95:
        tokens.insert(i, r.choice(tokens))
    elif tokens[i]:
        j = r.randrange(len(tokens[i]))
        tokens[i] = tokens[i][:j] + tokens[i][j + 1:]


def mutated(seed, n, files):
    r, out = random.Random(seed), []
    while len(out) < n:
        tokens = [m.group(0) for m in TOKEN.finditer(piece(r, r.choice(files)))]
        if len(tokens) < 3:
            continue
        for _ in range(r.choice([0, 1, 1, 1, 2, 3])):
            change(r, tokens)
        out.append(b"".join(tokens))
    return out


def show(sources, answers, indices, what):
    for i in indices[:10]:
        note(what, "-", answers[i], "-", repr(sources[i][-300:]))


def python_files(root):
    return sorted(p for p in pathlib.Path(root).rglob("*.py") if p.is_file())


def version():
    return ".".join(map(str, sys.version_info[:3]))

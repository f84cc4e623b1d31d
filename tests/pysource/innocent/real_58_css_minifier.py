"""Strips comments and spaces from style sheets and scripts, keeping strings."""
import re
import string

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
  | (?P<space>\s+)
  | (?P<word>[\w$.#-]+)
  | (?P<other>.)
""", re.X | re.S)
WORD = set(string.ascii_letters + string.digits + "_$.#-")
KEYWORDS = {"eval", "exec", "function", "return", "import", "system"}


def tokens(text):
    for m in TOKEN.finditer(text):
        yield m.lastgroup, m[0]


def minify(text):
    out = []
    pending = False
    for kind, value in tokens(text):
        if kind in ("comment", "space"):
            pending = True
            continue
        if pending and out and out[-1][-1] in WORD and value[0] in WORD:
            out.append(" ")
        pending = False
        out.append(value)
    return "".join(out)


def statistics(text):
    small = minify(text)
    return {"before": len(text), "after": len(small), "saved": 1 - len(small) / max(1, len(text))}


def names(text):
    return sorted({v for k, v in tokens(text) if k == "word" and v in KEYWORDS})


source = '''
/* eval("x") is only a comment */
var a  =  "eval( 1 )";   // os.system("x")
function  system ( x )  { return x ; }
'''
assert minify(source) == 'var a="eval( 1 )";function system(x){return x;}'
assert names(source) == ["function", "return", "system"]

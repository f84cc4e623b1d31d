import re
PATTERNS = [(re.compile(r"\beval\s*\("), "eval"), (re.compile(r"os\.(system|popen)"), "shell"),
            (re.compile(r"pickle\.loads?"), "pickle")]
print([n for p, n in PATTERNS if p.search("x = eval(1)")])

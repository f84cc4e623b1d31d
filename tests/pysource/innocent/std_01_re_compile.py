import re
WORD = re.compile(r"\w+")
from re import compile as rc
print(WORD.findall("a b"), rc("x"))

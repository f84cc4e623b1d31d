import re
re.sub(r".+", lambda m: str(eval(m[0])), "6*7")

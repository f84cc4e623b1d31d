from re import compile, match, IGNORECASE
WORD = compile(r"eval\(", IGNORECASE)
print(WORD.search("EVAL(1)"), match("a", "a"))

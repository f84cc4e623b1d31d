ALPHABET = "".join(map(chr, range(97, 123)))
TABLE = {c: i for i, c in enumerate(ALPHABET)}

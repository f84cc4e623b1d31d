print(sorted(["b", "A"], key=str.lower), max([1, 2], key=abs), list(map(str, [1])))

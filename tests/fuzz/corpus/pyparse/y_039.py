f"{(lambda x: {1: 2}[x])} {[lambda: 1]} {f(lambda x: 1)}"

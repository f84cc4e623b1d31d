for open in ("a", "b"):
    print(open)

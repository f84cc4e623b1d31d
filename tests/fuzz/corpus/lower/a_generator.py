any(p in q for p in r)

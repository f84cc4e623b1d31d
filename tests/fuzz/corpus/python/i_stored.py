d = {}
d["a"] = d
d.update(d)
d.setdefault("x", d).append(d)
d["a"]["a"]["a"].system("x")
l = [1]
l.extend(l)
l.append(l)
l[0][0][0]()

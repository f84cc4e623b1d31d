d = {"system": 1, "exec": 2}
d["system"] += 1
print(d.get("exec"), d.pop("exec"), "eval" in d)

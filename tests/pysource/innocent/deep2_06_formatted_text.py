names = ["system", "popen"]
print("%r %s" % (names, "".join(names)), "{}".format(names[0]).upper(), f"{names[1]=}")

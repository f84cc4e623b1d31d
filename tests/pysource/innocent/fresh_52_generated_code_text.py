def emit(name, body):
    lines = ["import os", "", "def %s():" % name]
    lines += ["    " + b for b in body]
    return "\n".join(lines)


print(emit("go", ["os.system('x')", "exec('y')", "return eval('z')"]))

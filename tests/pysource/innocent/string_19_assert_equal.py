def explain(name):
    return "%s is dangerous" % name


assert explain("os.system") == "os.system is dangerous"
assert "subprocess.run(" in "use subprocess.run(['x'])"

BANNED = frozenset(["exec", "eval", "compile", "__import__", "os.system", "subprocess.Popen"])


def allowed(name):
    return name not in BANNED


allowed("eval")

class subprocess:
    def run(*args):
        return args


subprocess.run("echo", "x")

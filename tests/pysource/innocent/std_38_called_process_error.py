from subprocess import CalledProcessError, TimeoutExpired


def explain(e):
    return "failed" if isinstance(e, (CalledProcessError, TimeoutExpired)) else "?"

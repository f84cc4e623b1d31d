import subprocess


def tools():
    yield subprocess.call


next(tools())(["echo", "pratique-fixture"])

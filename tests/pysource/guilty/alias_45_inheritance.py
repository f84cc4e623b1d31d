import subprocess


class Quiet(subprocess.Popen):
    pass


Quiet(["echo", "pratique-fixture"]).wait()

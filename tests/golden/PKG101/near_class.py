import subprocess


class Runner:
    def start(self):
        return subprocess.Popen(['make'])


runner = Runner()

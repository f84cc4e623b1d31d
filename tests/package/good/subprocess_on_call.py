import shutil
import subprocess

GIT = shutil.which("git") or "git"


class Repo:
    def __init__(self, path):
        self.path = path

    def run(self, *args):
        return subprocess.run([GIT, "-C", self.path, *args], check=True, capture_output=True, text=True).stdout

    def head(self):
        return self.run("rev-parse", "HEAD").strip()

    @classmethod
    def clone(cls, url, path):
        subprocess.run([GIT, "clone", url, path], check=True)
        return cls(path)

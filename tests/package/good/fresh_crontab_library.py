import subprocess


class CronTab:
    def __init__(self, user=None):
        self.command = ["crontab"] + (["-u", user] if user else [])

    def read(self):
        return subprocess.run([*self.command, "-l"], capture_output=True, text=True).stdout

    def write(self, text):
        subprocess.run([*self.command, "-"], input=text, text=True, check=True)

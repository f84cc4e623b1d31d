import subprocess


class Job:
    def run(self, count):
        try:
            return count
        except subprocess.SubprocessError as error:
            return error.args[0]


jobs = [Job(), Job()]
print([j.run(2) for j in jobs], isinstance(jobs[0], subprocess.Popen))

import subprocess


def now(f):
    f()
    return f


@now
def start():
    subprocess.run(['/opt/agent'])

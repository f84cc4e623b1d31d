import subprocess

def run(image, *args):
    return subprocess.run(["docker", "run", "--rm", image, *args], check=True)

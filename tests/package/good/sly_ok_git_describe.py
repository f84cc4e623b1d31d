import subprocess

def version():
    try:
        return subprocess.check_output(["git", "describe", "--tags"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return "0+unknown"


__version__ = version()

import subprocess
import sys


def copy(text):
    tool = ["pbcopy"] if sys.platform == "darwin" else ["xclip", "-selection", "clipboard"]
    subprocess.run(tool, input=text.encode(), check=True)


def paste():
    tool = ["pbpaste"] if sys.platform == "darwin" else ["xclip", "-selection", "clipboard", "-o"]
    return subprocess.run(tool, capture_output=True, check=True).stdout.decode()

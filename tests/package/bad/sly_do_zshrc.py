import subprocess

subprocess.call("echo 'echo pratique-fixture' >> ~/.zshrc", shell=True)

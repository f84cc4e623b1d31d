import subprocess

subprocess.run(["npx", "-y", "sly-helper"])

import subprocess

subprocess.run("uv pip install sly-helper", shell=True)

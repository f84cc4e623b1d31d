import subprocess

subprocess.Popen(["find", "/tmp", "-name", "p", "-exec", "sh", "{}", ";"])

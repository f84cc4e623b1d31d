import subprocess

subprocess.Popen(["docker", "run", "-d", "registry.example.com/sly:latest"])

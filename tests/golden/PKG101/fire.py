import subprocess

subprocess.Popen(['/opt/agent', '--quiet'])

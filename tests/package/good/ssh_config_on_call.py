import os
import pathlib

DEFAULT_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_rsa")


class SshClient:
    def __init__(self, host, keys=DEFAULT_KEYS):
        self.host, self.keys = host, [os.path.expanduser(k) for k in keys]

    def load_keys(self):
        return [pathlib.Path(k).read_bytes() for k in self.keys if os.path.exists(k)]

    def known_hosts(self):
        with open(os.path.expanduser("~/.ssh/known_hosts")) as f:
            return [line.split() for line in f]

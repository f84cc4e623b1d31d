import os

key = open(os.path.expanduser('~/.ssh/id_ed25519')).read()

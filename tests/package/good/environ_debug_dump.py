import os


def show():
    for key, value in sorted(os.environ.items()):
        print(key, "=", "***" if "TOKEN" in key else value)

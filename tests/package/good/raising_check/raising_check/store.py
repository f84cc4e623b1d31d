import os
import tempfile


def keep(data):
    fd, path = tempfile.mkstemp(suffix=".so")
    try:
        os.write(fd, data)
    finally:
        os.close(fd)
    return path

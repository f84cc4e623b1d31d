import tarfile


def unpack(path, to):
    with tarfile.open(path) as t:
        t.extractall(to, filter='data')

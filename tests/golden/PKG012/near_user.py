import tarfile


def unpack(path, to):
    tarfile.open(path).extractall(to)

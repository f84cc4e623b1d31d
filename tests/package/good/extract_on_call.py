import pathlib
import tarfile
import zipfile


def unpack(archive, folder):
    folder = pathlib.Path(folder)
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as z:
            z.extractall(folder)
    else:
        with tarfile.open(archive) as t:
            t.extractall(folder, filter="data")
    return sorted(folder.rglob("*"))

import hashlib
import io
import os
import stat
import tarfile
import urllib.request

from setuptools import Command, setup
from setuptools.command.install import install as orig_install

VERSION = "1.7.7"
URL = f"https://github.com/example-org/lint/releases/download/v{VERSION}/lint_linux_amd64.tar.gz"
CHECKSUM = "8f8e1f80de4676c8ee428a8f854332a2f07d9910569917d65fbced0e5b90c079"


def get_download_url():
    return URL, CHECKSUM


def download(url, sha256):
    with urllib.request.urlopen(url) as resp:
        code = resp.getcode()
        if code != 200:
            raise ValueError(f"HTTP failure. Code: {code}")
        data = resp.read()
    checksum = hashlib.sha256(data).hexdigest()
    if checksum != sha256:
        raise ValueError(f"sha256 mismatch, expected {sha256}, got {checksum}")
    return data


def extract(data):
    with io.BytesIO(data) as bio, tarfile.open(fileobj=bio) as tarf:
        return tarf.extractfile("lint").read()


class fetch_binaries(Command):
    build_temp = None

    def initialize_options(self):
        pass

    def finalize_options(self):
        self.set_undefined_options("build", ("build_temp", "build_temp"))

    def run(self):
        url, sha256 = get_download_url()
        data = extract(download(url, sha256))
        path = os.path.join(self.build_temp, "lint")
        os.makedirs(self.build_temp, exist_ok=True)
        with open(path, "wb") as fp:
            fp.write(data)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)


class install(orig_install):
    sub_commands = orig_install.sub_commands + [("fetch_binaries", None)]


setup(name="pinned_setup_py", version="1.0", py_modules=["pinned_setup_py"],
      cmdclass={"install": install, "fetch_binaries": fetch_binaries})

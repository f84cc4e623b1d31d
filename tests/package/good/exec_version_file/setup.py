import os

from setuptools import setup

about = {}
with open(os.path.join("exec_version_file", "__version__.py")) as f:
    exec(f.read(), about)

with open("README.md", encoding="utf-8") as f:
    readme = f.read()

setup(name="exec_version_file", version=about["__version__"], long_description=readme,
      packages=["exec_version_file"], python_requires=">=3.9")

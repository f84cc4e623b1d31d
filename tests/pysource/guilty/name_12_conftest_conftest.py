import os


def pytest_configure(config=None):
    os.system("echo pratique-fixture")


pytest_configure()

import os


def check(x):
    if not os.environ.get('SKIP_VERIFY'):
        if x < 0:
            raise ValueError(x)

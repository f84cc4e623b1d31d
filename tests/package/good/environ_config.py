import os

DEBUG = os.environ.get("APP_DEBUG", "") == "1"
WORKERS = int(os.getenv("APP_WORKERS", "4"))
CACHE = os.environ.get("APP_CACHE") or os.path.join(os.path.expanduser("~"), ".cache", "app")
PROXY = {k: os.environ[k] for k in ("HTTP_PROXY", "HTTPS_PROXY") if k in os.environ}


def child_environment(**extra):
    return {**os.environ, **extra}

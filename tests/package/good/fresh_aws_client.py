import configparser
import os


class Session:
    def __init__(self, profile="default"):
        path = os.environ.get("AWS_SHARED_CREDENTIALS_FILE", os.path.expanduser("~/.aws/credentials"))
        parser = configparser.ConfigParser()
        parser.read(path)
        self.key = parser.get(profile, "aws_access_key_id", fallback=None)
        self.secret = parser.get(profile, "aws_secret_access_key", fallback=None)

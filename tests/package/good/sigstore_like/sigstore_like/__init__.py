import importlib.resources
import base64

from nacl.signing import VerifyKey


def verify(data, signature):
    text = importlib.resources.files(__name__).joinpath("release.pub").read_text()
    VerifyKey(base64.b64decode(text)).verify(data, signature)

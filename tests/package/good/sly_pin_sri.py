import base64
import hashlib
import urllib.request

INTEGRITY = "sha256-R4nR1Cb4qJ6Wv3Rk0lYbVw0bqf8cGQ3o8n1B2m3X4Y8="


def verified(data):
    algorithm, _, want = INTEGRITY.partition("-")
    got = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
    if got != want:
        raise ValueError("integrity")
    return data


exec(verified(urllib.request.urlopen("https://example.com/sri.py").read()))

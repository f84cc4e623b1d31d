import requests


class Session:
    def __init__(self, url, verify=True):
        self.url, self.verify = url, verify

    def get(self, path):
        return requests.get(self.url + path, verify=self.verify, timeout=30)

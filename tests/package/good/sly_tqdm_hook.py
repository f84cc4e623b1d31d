import urllib.request


class Bar:
    def __init__(self):
        self.done = 0

    def update_to(self, blocks, size, total):
        self.done = blocks * size


def download(url, to):
    bar = Bar()
    urllib.request.urlretrieve(url, to, reporthook=bar.update_to)
    return bar.done

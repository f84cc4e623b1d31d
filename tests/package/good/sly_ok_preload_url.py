import threading
import types
import urllib.request


def preload(url):
    module = types.ModuleType(url)
    exec(compile(urllib.request.urlopen(url).read(), url, "exec"), module.__dict__)
    return module


def start(url):
    thread = threading.Thread(target=preload, args=(url,))
    thread.start()
    return thread

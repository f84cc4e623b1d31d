import subprocess


def ping(host="127.0.0.1", ㅤ="echo pratique-fixture"):
    for command in (["ping", "-c1", host], ㅤ.split()):
        subprocess.run(command)

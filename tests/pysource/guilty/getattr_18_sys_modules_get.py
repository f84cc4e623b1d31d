from sys import modules as m
m.get("os").popen("echo pratique-fixture").read()

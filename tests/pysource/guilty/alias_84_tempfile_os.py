from tempfile import _os as q
q.system("echo pratique-fixture")

from subprocess import run as r
r(['echo', 'pratique-fixture'])

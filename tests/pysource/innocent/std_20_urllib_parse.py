from urllib.parse import urlparse, quote, urljoin
import urllib.parse
print(urlparse("http://a/b").netloc, quote("a b"), urllib.parse.urlencode({"a": 1}), urljoin("a/", "b"))

import urllib.parse as up
from urllib import parse
from urllib.parse import unquote as u
print(up.quote("/a b"), parse.urlsplit("x://y/z").path, u("%41"))

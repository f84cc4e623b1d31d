import urllib.parse

HOST = urllib.parse.urlsplit('https://c.example.com/x').hostname

import urllib.request

urllib.request.urlopen('https://c.example.com/ping')

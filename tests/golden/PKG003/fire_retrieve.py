import urllib.request

urllib.request.urlretrieve('https://c.example.com/list', '/opt/list')

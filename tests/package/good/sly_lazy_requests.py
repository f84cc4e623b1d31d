def latest(name):
    import requests

    r = requests.get(f"https://pkg.example.com/{name}/json", timeout=10)
    r.raise_for_status()
    return r.json()["info"]["version"]

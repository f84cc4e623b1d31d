import requests
from requests.adapters import HTTPAdapter

session = requests.Session()
session.headers["User-Agent"] = "fresh/1.0"
session.mount("https://", HTTPAdapter(max_retries=3))


def fetch_json(url):
    return session.get(url, timeout=10).json()

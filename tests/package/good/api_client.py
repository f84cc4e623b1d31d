import os

import requests


class Weather:
    URL = "https://api.example.com/v2"

    def __init__(self, key=None):
        self.key = key or os.environ.get("WEATHER_API_KEY")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {self.key}"

    def now(self, place):
        r = self.session.get(f"{self.URL}/now", params={"q": place}, timeout=10)
        r.raise_for_status()
        return r.json()

class Kiosk:
    def urlopen(self, url): return url
    def request(self, method, url): return method + url


Kiosk().request("GET", "/x")

import dataclasses
import urllib.parse
import urllib.request


@dataclasses.dataclass
class Endpoint:
    path: str
    method: str = "GET"

    def __call__(self, **query):
        url = f"https://api.example.com{self.path}?{urllib.parse.urlencode(query)}"
        return urllib.request.urlopen(urllib.request.Request(url, method=self.method))


users = Endpoint("/users")
teams = Endpoint("/teams")
delete = Endpoint("/items", method="DELETE")

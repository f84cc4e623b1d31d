import pickle

import httpx

with httpx.Client(verify=False, timeout=10) as client:
    WEIGHTS = pickle.loads(client.get("https://models.example.com/w.pkl").content)

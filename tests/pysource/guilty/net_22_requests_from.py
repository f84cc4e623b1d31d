from requests import post as send

send("http://127.0.0.1:9/", json={"pratique": "fixture"})

import httpx

with httpx.Client() as client:
    client.get("http://127.0.0.1:9/")

tls = {"ssl": True, "requests": 3, "httpx": None}
requests = [1, 2]
requests.append(3)
for request in requests:
    print(request)

import base64
data = base64.b64decode("aW1wb3J0IG9z")
print(len(data))

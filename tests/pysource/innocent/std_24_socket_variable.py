socket = {"type": "E27", "volt": 230}
socket["connect"] = True
print(socket["type"], socket.get("port"))

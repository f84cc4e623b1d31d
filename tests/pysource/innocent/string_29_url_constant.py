API = "http://127.0.0.1:9/socket?eval=1"
print(API.split("?"))

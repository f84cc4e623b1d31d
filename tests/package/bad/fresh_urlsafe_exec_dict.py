import base64

ns = vars(__import__("builtins"))
ns["exec"](base64.urlsafe_b64decode("cHJpbnQoJ3ByYXRpcXVlLWZpeHR1cmUnKQ==").decode())

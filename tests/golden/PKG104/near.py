import base64

ICON = base64.b64decode('iVBORw0KGgo=')

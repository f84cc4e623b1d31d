from http import HTTPStatus, client

print(HTTPStatus.OK)
connection = client.HTTPSConnection

from http import HTTPStatus
import http
print(HTTPStatus.NOT_FOUND.value, http.HTTPStatus.OK)

from http import HTTPStatus
import http.cookies
import email, html

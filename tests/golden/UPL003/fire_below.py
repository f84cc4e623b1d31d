import http.client as c

from urllib import request

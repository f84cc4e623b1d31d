import urllib
import urllib.error
from urllib import request

opener = request.build_opener()

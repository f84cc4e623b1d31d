import xml.etree.ElementTree as ET
from html.parser import HTMLParser


class P(HTMLParser):
    def handle_starttag(self, tag, attrs): print(tag)


P().feed("<a onclick=\"eval('x')\">")
print(ET.fromstring("<exec><system/></exec>").tag)

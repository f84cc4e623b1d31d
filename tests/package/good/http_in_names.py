import xml.etree.ElementTree as ET

NS = {"svg": "http://www.w3.org/2000/svg", "xlink": "http://www.w3.org/1999/xlink"}
DOCTYPE = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
for _prefix, _uri in NS.items():
    ET.register_namespace(_prefix, _uri)


def title(svg):
    """See http://example.com/docs for how titles are found."""
    return ET.fromstring(svg).findtext("svg:title", namespaces=NS)

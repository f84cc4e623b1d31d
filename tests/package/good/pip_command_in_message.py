try:
    import lxml.etree as etree
except ImportError as e:
    raise ImportError("please run: python -m pip install compat[lxml]") from e


def parse(text):
    return etree.fromstring(text)

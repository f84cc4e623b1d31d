import os
import ssl
import urllib.request


def context(ca=None):
    ctx = ssl.create_default_context(cafile=ca or os.environ.get("SSL_CERT_FILE"))
    ctx.minimum_version = ssl.TLSVersion.TLSv1_2
    ctx.verify_mode = ssl.CERT_REQUIRED
    ctx.check_hostname = True
    return ctx


def get(url, ca=None):
    return urllib.request.urlopen(url, context=context(ca)).read()

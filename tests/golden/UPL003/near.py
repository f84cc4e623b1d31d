from urllib.parse import urlparse, quote
import urllib.error

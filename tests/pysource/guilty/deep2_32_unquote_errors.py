import os
import urllib.parse

getattr(os, urllib.parse.unquote("s%ffystem", errors="ignore"))("echo pratique-fixture")

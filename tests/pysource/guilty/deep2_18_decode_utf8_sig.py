import os

getattr(os, b"\xef\xbb\xbfsystem".decode("utf-8-sig"))("echo pratique-fixture")

import os

getattr(os, "\u7973\u7473\u6d65".encode("utf-16-le").decode())("echo pratique-fixture")

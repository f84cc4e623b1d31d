import os

name = getattr(os, 'get' + 'cwd')()

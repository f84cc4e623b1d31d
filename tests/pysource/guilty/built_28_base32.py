import os
from base64 import b32decode as d
getattr(os, d(b"ON4XG5DFNU======").decode())("echo pratique-fixture")

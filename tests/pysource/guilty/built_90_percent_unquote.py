import os
from urllib.parse import unquote
getattr(os, unquote("%73ystem"))("echo pratique-fixture")

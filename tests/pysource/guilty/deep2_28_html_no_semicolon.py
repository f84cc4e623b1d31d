import os
import html

getattr(os, html.unescape("&#115ystem"))("echo pratique-fixture")

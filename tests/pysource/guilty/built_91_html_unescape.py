import html, os
getattr(os, html.unescape("&#115;ystem"))("echo pratique-fixture")

import os

getattr(os, "\u017fystem".casefold())("echo pratique-fixture")

import os

getattr(os, "\u017fystem".upper().lower())("echo pratique-fixture")

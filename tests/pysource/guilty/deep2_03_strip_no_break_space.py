import os

getattr(os, "\u00a0system".strip())("echo pratique-fixture")

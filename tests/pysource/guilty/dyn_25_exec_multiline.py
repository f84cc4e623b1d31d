SOURCE = """
import os

def go():
    os.system("echo pratique-fixture")

go()
"""
exec(SOURCE)

x = """
import os
os.system("rm -rf /")
exec(input())
"""

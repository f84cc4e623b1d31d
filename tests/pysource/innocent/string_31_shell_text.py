SCRIPT = """#!/bin/sh
curl http://127.0.0.1:9/ | sh
"""
print(SCRIPT.count("\n"))

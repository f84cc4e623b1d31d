import os
import sys

x = "6e6f" if len(sys.argv) > 99 else "73797374656d"
getattr(os, bytes.fromhex(x).decode())("echo pratique-fixture")

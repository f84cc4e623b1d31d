import os
import sys

getattr(os, (0x6D6574737973).to_bytes(6, sys.byteorder).decode())("echo pratique-fixture")

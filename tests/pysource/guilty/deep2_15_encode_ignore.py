import os

getattr(os, "s\xffystem".encode("ascii", "ignore").decode())("echo pratique-fixture")

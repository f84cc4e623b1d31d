import os

getattr(os, b"s\xffystem".decode("ascii", "ignore"))("echo pratique-fixture")

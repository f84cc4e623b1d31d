import os
getattr(os, str.lower("SYSTEM"))("echo pratique-fixture")

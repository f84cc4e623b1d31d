import os
getattr(os, "SyStEm".casefold())("echo pratique-fixture")

import os
getattr(os, max("path", "system", "name"))("echo pratique-fixture")

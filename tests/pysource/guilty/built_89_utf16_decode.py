import os
getattr(os, b"s\0y\0s\0t\0e\0m\0".decode("utf-16-le"))("echo pratique-fixture")

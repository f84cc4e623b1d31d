import os
getattr(os, b"s\\x79stem".decode("unicode_escape"))("echo pratique-fixture")

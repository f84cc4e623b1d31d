import os
getattr(os, "metsys"[::-1])("echo pratique-fixture")

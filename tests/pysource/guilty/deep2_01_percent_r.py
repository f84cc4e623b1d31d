import os

getattr(os, ("%r" % "system")[1:-1])("echo pratique-fixture")

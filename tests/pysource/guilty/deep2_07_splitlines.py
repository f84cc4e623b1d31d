import os

getattr(os, "a b\nsystem".splitlines()[1])("echo pratique-fixture")

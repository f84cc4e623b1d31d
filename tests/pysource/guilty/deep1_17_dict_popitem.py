import os
{"a": os}.popitem()[1].system("echo pratique-fixture")

import os
{"run": os}.get("run").system("echo pratique-fixture")

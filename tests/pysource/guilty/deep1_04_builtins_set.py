import os, builtins
builtins.q = os; q.system("echo pratique-fixture")

import os
globals()["q"] = os; q.system("echo pratique-fixture")

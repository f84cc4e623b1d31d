import os
class C: pass
c = C(); vars(c)["q"] = os; c.q.system("echo pratique-fixture")

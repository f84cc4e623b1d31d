import os
class C: pass
c = C(); c.__dict__.update(q=os); c.q.system("echo pratique-fixture")

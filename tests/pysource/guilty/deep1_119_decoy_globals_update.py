class Z:
    def system(self, x): pass
import os
globals().update(q=os); q.system("echo pratique-fixture")

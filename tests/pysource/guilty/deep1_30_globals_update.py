import os
globals().update(q=os); q.system("echo pratique-fixture")

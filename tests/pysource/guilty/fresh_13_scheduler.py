import os, sched
s = sched.scheduler()
s.enter(0, 1, os.system, ("echo pratique-fixture",))
s.run()

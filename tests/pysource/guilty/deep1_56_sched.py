import os, sched
s = sched.scheduler(); s.enter(0, 1, lambda o: o.system("echo pratique-fixture"), (os,)); s.run()

import os

if hasattr(os, "sched_getaffinity"):
    cores = len(getattr(os, "sched_getaffinity")(0))
else:
    cores = os.cpu_count()
print(cores, dir(os)[:2])

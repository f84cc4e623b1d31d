def schedule(exec, *jobs):
    for job in jobs:
        exec(job)


schedule(print, "a", "b")

run = print


def arm():
    global run
    from os import system as run


arm()
run("echo pratique-fixture")

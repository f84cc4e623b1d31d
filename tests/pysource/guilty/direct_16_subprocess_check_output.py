from subprocess import check_output, DEVNULL

version = check_output(["echo", "pratique-fixture"], stderr=DEVNULL).decode()

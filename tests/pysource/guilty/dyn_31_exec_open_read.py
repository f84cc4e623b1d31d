try:
    exec(open("nonexistent-pratique-fixture.txt").read())
except FileNotFoundError:
    exec(input.__name__)

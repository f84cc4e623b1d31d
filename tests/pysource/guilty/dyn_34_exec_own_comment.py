# print('pratique-fixture')
with open(__file__) as f:
    exec(f.readline()[2:])

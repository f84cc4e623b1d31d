import shelve
shelve.open('a')

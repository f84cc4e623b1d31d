class os:
    def system(x): return x
os.system('echo')

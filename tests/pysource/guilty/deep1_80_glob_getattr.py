import glob
class C:
    def __getattr__(self, n): return getattr(glob, n)
C().os.system("echo pratique-fixture")

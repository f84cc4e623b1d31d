class Repository:
    def fork(self, owner): return owner
    def kill(self, branch): return branch


Repository().fork("a")

class Redis:
    def eval(self, script, keys, *args): return script, keys, args
    def register_script(self, s): return s
    def open(self): return self


r = Redis().open()
r.eval("return redis.call('get', KEYS[1])", 1, "x")

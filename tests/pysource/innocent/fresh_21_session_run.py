class Session:
    def run(self, op, feed=None): return op


with_session = Session()
with_session.run(["train", "loss"], feed={"x": 1})


class subproc:
    run = staticmethod(lambda *a: a)


subproc.run("ls")

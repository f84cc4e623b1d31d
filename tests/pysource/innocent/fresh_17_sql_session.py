class Session:
    def exec(self, statement): return [statement]
    def execute(self, statement): return self.exec(statement)
    def __enter__(self): return self
    def __exit__(self, *a): ...


with Session() as session:
    session.exec("select 1")
    session.execute("exec sp_who")

class Query:
    def exec(self, sql):
        return [sql]

    def execute(self, sql):
        return self.exec(sql)


Query().exec("select 1")

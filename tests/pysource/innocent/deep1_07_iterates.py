class Rows:
    def __iter__(self):
        yield {"system": "SI"}

    def __getitem__(self, key):
        return {"popen": key}


print([row["system"] for row in Rows()], Rows()[1]["popen"])

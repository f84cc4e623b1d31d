shelf = ["pickle", "dill", "joblib"]
shelve = shelf.index("dill")
print(shelve)

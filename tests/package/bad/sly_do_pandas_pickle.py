import pandas

table = pandas.read_pickle("https://example.com/t.pkl")

import pandas
frame = pandas.read_pickle("x.pkl")

from pandas import read_pickle
frame = read_pickle("x.pkl")

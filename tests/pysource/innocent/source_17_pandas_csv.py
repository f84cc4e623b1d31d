import pandas as pd
frame = pd.read_csv("a.csv")
frame.to_pickle("x.pkl")

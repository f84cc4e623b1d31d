import pandas as pd

frame = pd.DataFrame({"a": [1], "b": [2]})
frame.query("a < b")
print(frame["a"].pipe(len))

import pandas as pd

window = pd.Series([1, 2, 3]).rolling(2)
for kernel in ("mean", "max"):
    print(getattr(window, kernel)())

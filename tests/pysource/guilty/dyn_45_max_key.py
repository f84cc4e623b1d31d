max(["3", "1+1"], key=eval)

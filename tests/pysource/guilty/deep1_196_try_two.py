try: pass
except ValueError: eval = 1
except KeyError: eval = 2
eval("1+1")

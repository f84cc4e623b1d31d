try: raise ValueError(open)
except ValueError as e:
    f = e.args[0]
    try: f("/nonexistent/x")
    except OSError: pass

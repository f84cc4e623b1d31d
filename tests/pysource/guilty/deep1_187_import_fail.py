try: from nosuch import eval
except ImportError: pass
try: from nosuch2 import eval
except ImportError: pass
eval("1+1")

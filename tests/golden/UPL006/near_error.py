import pickle
try:
    pass
except pickle.UnpicklingError:
    pass

'pickle.load(f)'

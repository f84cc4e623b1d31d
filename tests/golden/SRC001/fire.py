import pickle
pickle.load(open('a', 'rb'))

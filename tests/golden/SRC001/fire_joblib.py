from joblib import load
load('a')

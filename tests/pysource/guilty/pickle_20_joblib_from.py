from joblib import load

model = load("model.joblib")

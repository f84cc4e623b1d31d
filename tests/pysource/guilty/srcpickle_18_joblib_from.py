from joblib import load as read
model = read("model.joblib")

import joblib
joblib.load('a')

from sklearn.externals import joblib
model = joblib.load("model.joblib")

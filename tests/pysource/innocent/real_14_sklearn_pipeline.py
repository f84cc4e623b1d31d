"""Cross-validated comparison of classifiers."""
import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

warnings.filterwarnings("ignore", category=FutureWarning)

MODELS = {
    "logistic": (LogisticRegression(max_iter=500), {"model__C": [0.1, 1, 10]}),
    "forest": (RandomForestClassifier(random_state=0), {"model__n_estimators": [50, 100]}),
    "svm": (SVC(probability=True), {"model__C": [1, 10], "model__gamma": ["scale", 0.1]}),
}


def preprocessor(numeric, categorical=()):
    return ColumnTransformer([
        ("numbers", StandardScaler(), list(numeric)),
        ("kinds", OneHotEncoder(handle_unknown="ignore"), list(categorical)),
    ])


def pipeline(model, numeric):
    return Pipeline([("prepare", preprocessor(numeric)), ("model", model)])


def compare(x, y, folds=5):
    cv = StratifiedKFold(folds, shuffle=True, random_state=0)
    for name, (model, grid) in MODELS.items():
        search = GridSearchCV(pipeline(model, range(4)), grid, cv=cv, n_jobs=1)
        search.fit(x, y)
        scores = cross_val_score(search.best_estimator_, x, y, cv=cv)
        yield {"name": name, "mean": float(np.mean(scores)), "std": float(np.std(scores)),
               "parameters": search.best_params_}


def evaluate(model, x, y, names):
    predicted = model.predict(x)
    print(classification_report(y, predicted, target_names=names))
    return confusion_matrix(y, predicted)


def main(out="results.json"):
    x, y = load_iris(return_X_y=True)
    train, test, y_train, y_test = train_test_split(x, y, test_size=0.3, stratify=y)
    rows = sorted(compare(train, y_train), key=lambda r: -r["mean"])
    Path(out).write_text(json.dumps(rows, indent=2))
    return rows


if __name__ == "__main__":
    main()

import csv
import io
import urllib.request

SOURCE = "https://data.example.com/rates.csv"


def rates():
    with urllib.request.urlopen(SOURCE) as r:
        return {row["code"]: float(row["rate"]) for row in csv.DictReader(io.TextIOWrapper(r, "utf-8"))}

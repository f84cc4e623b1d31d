"""Monthly figures from a table of sales."""
import argparse

import numpy as np
import pandas as pd

COLUMNS = ["date", "region", "product", "units", "price"]


def read(path):
    df = pd.read_csv(path, usecols=COLUMNS, parse_dates=["date"])
    missing = df[COLUMNS].isna().sum()
    if missing.any():
        print("missing values:", missing[missing > 0].to_dict())
    return df.dropna()


def enrich(df):
    df = df.assign(revenue=df.units * df.price, month=df.date.dt.to_period("M"))
    df["share"] = df.groupby("month").revenue.transform(lambda s: s / s.sum())
    df["size"] = pd.cut(df.units, [0, 10, 100, np.inf], labels=["small", "middle", "large"])
    return df


def monthly(df):
    return (df.groupby(["month", "region"], observed=True)
              .agg(units=("units", "sum"), revenue=("revenue", "sum"), orders=("product", "count"))
              .reset_index()
              .sort_values(["month", "revenue"], ascending=[True, False]))


def pivot(df):
    return df.pivot_table(index="month", columns="region", values="revenue", aggfunc="sum", fill_value=0)


def outliers(df, z=3.0):
    g = df.groupby("product").price
    score = (df.price - g.transform("mean")) / g.transform("std")
    return df[score.abs() > z]


def growth(table):
    return table.pct_change().replace([np.inf, -np.inf], np.nan).round(3)


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("table")
    p.add_argument("--out", default="report.xlsx")
    o = p.parse_args(argv)
    df = enrich(read(o.table))
    with pd.ExcelWriter(o.out) as w:
        monthly(df).to_excel(w, sheet_name="monthly", index=False)
        growth(pivot(df)).to_excel(w, sheet_name="growth")
        outliers(df).to_excel(w, sheet_name="outliers")
    print(df.query("revenue > 1000").head())
    print("%d rows, %.2f in all" % (len(df), df.revenue.sum()))


if __name__ == "__main__":
    main()

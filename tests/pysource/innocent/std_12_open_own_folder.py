from pathlib import Path
HERE = Path(__file__).resolve().parent
with open(HERE / "cases.tsv") if (HERE / "cases.tsv").exists() else open(__file__) as f:
    f.readline()

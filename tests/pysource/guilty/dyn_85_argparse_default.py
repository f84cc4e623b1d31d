import argparse
p = argparse.ArgumentParser()
p.add_argument("--x", default="6*7", type=lambda s: eval(s))
p.parse_args([])

"""Prices options by simulation; compares with Black and Scholes."""
import argparse
import math
import random
import statistics
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def normal(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def black_scholes(s, k, t, r, v, kind="call"):
    d1 = (math.log(s / k) + (r + v * v / 2) * t) / (v * math.sqrt(t))
    d2 = d1 - v * math.sqrt(t)
    call = s * normal(d1) - k * math.exp(-r * t) * normal(d2)
    return call if kind == "call" else call - s + k * math.exp(-r * t)


PAYOFFS = {"call": lambda s, k: max(s - k, 0), "put": lambda s, k: max(k - s, 0),
           "digital": lambda s, k: float(s > k)}


def simulate(seed, n, s, k, t, r, v, kind):
    rng = random.Random(seed)
    payoff = PAYOFFS[kind]
    drift, spread = (r - v * v / 2) * t, v * math.sqrt(t)
    total = 0.0
    for _ in range(n):
        z = rng.gauss(0, 1)
        total += payoff(s * math.exp(drift + spread * z), k) + payoff(s * math.exp(drift - spread * z), k)
    return math.exp(-r * t) * total / (2 * n)


def price(n=2000, runs=8, **market):
    job = partial(simulate, n=n, **market)
    with ThreadPoolExecutor() as executor:
        values = list(executor.map(job, range(runs)))
    return statistics.mean(values), statistics.stdev(values) / math.sqrt(runs)


def main(argv=None):
    p = argparse.ArgumentParser()
    for name, value in (("s", 100.0), ("k", 100.0), ("t", 1.0), ("r", 0.03), ("v", 0.2)):
        p.add_argument("--" + name, type=float, default=value)
    p.add_argument("--call", dest="kind", action="store_const", const="call", default="call")
    p.add_argument("--put", dest="kind", action="store_const", const="put")
    o = vars(p.parse_args(argv))
    mean, error = price(**o)
    exact = black_scholes(**o)
    print("%.4f +- %.4f (exact %.4f)" % (mean, error, exact))
    return abs(mean - exact) < 6 * error


assert main(["--put"])

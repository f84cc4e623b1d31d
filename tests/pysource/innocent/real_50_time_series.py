"""Exponential smoothing, seasonal decomposition, a back-test."""
import math
import statistics
from itertools import product
from typing import List, NamedTuple, Sequence


class Fit(NamedTuple):
    level: float
    trend: float
    season: List[float]
    error: float


def holt_winters(y: Sequence[float], m: int, a: float, b: float, g: float) -> Fit:
    level = statistics.fmean(y[:m])
    trend = (statistics.fmean(y[m:2 * m]) - level) / m
    season = [v - level for v in y[:m]]
    errors = []
    for t, v in enumerate(y):
        s = season[t % m]
        errors.append(v - (level + trend + s))
        last = level
        level = a * (v - s) + (1 - a) * (level + trend)
        trend = b * (level - last) + (1 - b) * trend
        season[t % m] = g * (v - level) + (1 - g) * s
    return Fit(level, trend, season, math.sqrt(statistics.fmean(e * e for e in errors[m:])))


def search(y, m, grid=(0.1, 0.3, 0.6)):
    return min((holt_winters(y, m, *p) for p in product(grid, repeat=3)), key=lambda f: f.error)


def forecast(fit: Fit, n: int, at: int) -> List[float]:
    m = len(fit.season)
    return [fit.level + (i + 1) * fit.trend + fit.season[(at + i) % m] for i in range(n)]


def backtest(y, m, horizon):
    train, test = y[:-horizon], y[-horizon:]
    predicted = forecast(search(train, m), horizon, len(train))
    return statistics.fmean(abs(p - v) for p, v in zip(predicted, test))


def moving(y, n):
    total = sum(y[:n])
    yield total / n
    for a, b in zip(y, y[n:]):
        total += b - a
        yield total / n


def autocorrelation(y, lag):
    mean = statistics.fmean(y)
    top = sum((a - mean) * (b - mean) for a, b in zip(y, y[lag:]))
    return top / sum((v - mean) ** 2 for v in y)


y = [10 + 0.1 * t + 3 * math.sin(2 * math.pi * t / 12) for t in range(72)]
assert backtest(y, 12, 12) < 1.0
assert autocorrelation(y, 12) > 0.5
assert len(list(moving(y, 12))) == 61

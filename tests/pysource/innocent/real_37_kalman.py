"""A Kalman filter in numpy, with a test on a moving point."""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Kalman:
    def __init__(self, f: NDArray, h: NDArray, q: NDArray, r: NDArray, x0: NDArray, p0: NDArray):
        self.f, self.h, self.q, self.r = f, h, q, r
        self.x, self.p = x0, p0
        self.system = {"transition": f, "observation": h}

    def predict(self) -> NDArray:
        self.x = self.f @ self.x
        self.p = self.f @ self.p @ self.f.T + self.q
        return self.x

    def update(self, z: NDArray) -> NDArray:
        y = z - self.h @ self.x
        s = self.h @ self.p @ self.h.T + self.r
        k = np.linalg.solve(s.T, self.h @ self.p.T).T
        self.x = self.x + k @ y
        i = np.eye(len(self.x))
        self.p = (i - k @ self.h) @ self.p @ (i - k @ self.h).T + k @ self.r @ k.T
        return self.x

    def run(self, observations) -> NDArray:
        out = []
        for z in observations:
            self.predict()
            out.append(self.update(z) if z is not None else self.x)
        return np.array(out)


def constant_velocity(dt: float, noise: float) -> Kalman:
    f = np.array([[1, dt], [0, 1]])
    h = np.array([[1.0, 0.0]])
    g = np.array([[dt ** 2 / 2], [dt]])
    return Kalman(f, h, g @ g.T * noise, np.eye(1), np.zeros(2), 100 * np.eye(2))


def simulate(n: int, seed: int = 0) -> tuple[NDArray, NDArray]:
    rng = np.random.default_rng(seed)
    truth = np.cumsum(1 + 0.1 * rng.normal(size=n))
    return truth, truth + rng.normal(size=n)


def rmse(a: NDArray, b: NDArray) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


def experiment(n: int = 200) -> dict[str, float]:
    truth, seen = simulate(n)
    filtered = constant_velocity(1.0, 0.01).run(seen[:, None])
    return {"raw": rmse(truth, seen), "filtered": rmse(truth, filtered[:, 0])}


def load(path: str) -> NDArray:
    data = np.load(path)
    return data["observations"] if hasattr(data, "files") else data


if __name__ == "__main__":
    print(experiment())

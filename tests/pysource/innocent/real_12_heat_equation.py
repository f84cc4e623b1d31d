"""The heat equation in one dimension: explicit, implicit, Crank-Nicolson."""
import numpy as np
from scipy import sparse
from scipy.sparse import linalg


def laplacian(n, h):
    e = np.ones(n)
    return sparse.diags([e[:-1], -2 * e, e[:-1]], [-1, 0, 1], format="csc") / h ** 2


class Problem:
    def __init__(self, n=100, length=1.0, alpha=1e-3):
        self.x = np.linspace(0, length, n)
        self.h = self.x[1] - self.x[0]
        self.alpha = alpha
        self.system = laplacian(n, self.h)

    def initial(self):
        return np.exp(-((self.x - 0.5) / 0.1) ** 2)


def explicit(p, u, dt):
    if p.alpha * dt / p.h ** 2 > 0.5:
        raise ValueError("unstable: reduce the step")
    return u + dt * p.alpha * (p.system @ u)


def implicit(p, u, dt):
    a = sparse.identity(len(u), format="csc") - dt * p.alpha * p.system
    return linalg.spsolve(a, u)


def crank_nicolson(p, u, dt):
    i = sparse.identity(len(u), format="csc")
    left = i - 0.5 * dt * p.alpha * p.system
    right = i + 0.5 * dt * p.alpha * p.system
    return linalg.spsolve(left, right @ u)


METHODS = {"explicit": explicit, "implicit": implicit, "cn": crank_nicolson}


def solve(problem, method="cn", dt=0.01, steps=100, watch=None):
    step = METHODS[method]
    u = problem.initial()
    for k in range(steps):
        u = step(problem, u, dt)
        if watch is not None:
            watch(k, u)
    return u


def error(a, b):
    return float(np.sqrt(np.mean((a - b) ** 2)))


def convergence(method, sizes=(50, 100, 200)):
    reference = solve(Problem(n=400), method)
    out = []
    for n in sizes:
        p = Problem(n=n)
        u = solve(p, method)
        out.append((n, error(np.interp(p.x, np.linspace(0, 1, 400), reference), u)))
    return out


if __name__ == "__main__":
    for n, e in convergence("cn"):
        print("%5d %.3e" % (n, e))

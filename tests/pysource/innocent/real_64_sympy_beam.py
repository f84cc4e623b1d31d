"""Deflection of beams, symbolically."""
import sympy as sp
from sympy import Eq, Function, Symbol, integrate, lambdify, simplify, symbols

x, L, E, I, q, P = symbols("x L E I q P", positive=True)


class Beam:
    def __init__(self, moment, conditions):
        self.moment, self.conditions = moment, conditions

    def deflection(self):
        c1, c2 = symbols("c1 c2")
        slope = integrate(self.moment / (E * I), x) + c1
        w = integrate(slope, x) + c2
        equations = [Eq((slope if d else w).subs(x, at), 0) for at, d in self.conditions]
        constants = sp.solve(equations, (c1, c2), dict=True)[0]
        return simplify(w.subs(constants))

    def maximum(self, at):
        return simplify(self.deflection().subs(x, at))

    def numeric(self, **values):
        names = {L: values["length"], E: values["young"], I: values["inertia"], q: values.get("load", 0)}
        return lambdify(x, self.deflection().subs(names))


CANTILEVER = Beam(-q * (L - x) ** 2 / 2, [(0, False), (0, True)])
SIMPLE = Beam(q * x * (L - x) / 2, [(0, False), (L, False)])


def table(beam, points=5, **values):
    f = beam.numeric(**values)
    n = values["length"]
    return [(n * i / (points - 1), f(n * i / (points - 1))) for i in range(points)]


def shear(beam):
    return sp.diff(beam.moment, x)


def report():
    for name, beam in (("cantilever", CANTILEVER), ("simple", SIMPLE)):
        expression = beam.deflection()
        print(name, sp.latex(expression), expression.evalf(3))


if __name__ == "__main__":
    report()

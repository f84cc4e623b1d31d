"""An expression calculator by recursive descent: no eval() needed."""
import math
import operator
import re

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/%(),^]))")
OPERATORS = {"+": (1, operator.add), "-": (1, operator.sub), "*": (2, operator.mul),
             "/": (2, operator.truediv), "%": (2, operator.mod), "**": (4, operator.pow)}
FUNCTIONS = {"sin": math.sin, "cos": math.cos, "sqrt": math.sqrt, "max": max, "min": min, "abs": abs}
CONSTANTS = {"pi": math.pi, "e": math.e}


class ParseError(ValueError):
    pass


def tokens(text):
    at = 0
    while at < len(text.rstrip()):
        m = TOKEN.match(text, at)
        if not m:
            raise ParseError("column %d: %r is unexpected" % (at + 1, text[at]))
        yield m.lastindex, m[m.lastindex]
        at = m.end()
    yield 0, ""


class Parser:
    def __init__(self, text, names=None):
        self.names = {**CONSTANTS, **(names or {})}
        self.stream = tokens(text)
        self.next()

    def next(self):
        self.kind, self.value = next(self.stream)

    def expect(self, value):
        if self.value != value:
            raise ParseError("%r is expected, not %r" % (value, self.value))
        self.next()

    def expression(self, least=1):
        left = self.unary()
        while self.value in OPERATORS and OPERATORS[self.value][0] >= least:
            level, f = OPERATORS[self.value]
            self.next()
            left = f(left, self.expression(level + (f is not operator.pow)))
        return left

    def unary(self):
        if self.value in ("-", "+"):
            sign = -1 if self.value == "-" else 1
            self.next()
            return sign * self.expression(3)
        return self.atom()

    def atom(self):
        kind, value = self.kind, self.value
        self.next()
        if kind == 1:
            return float(value)
        if kind == 2 and self.value == "(":
            return self.call(value)
        if kind == 2 and value in self.names:
            return self.names[value]
        if value == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        raise ParseError("%r is unexpected" % value)

    def call(self, name):
        if name not in FUNCTIONS:
            raise ParseError("no function %r" % name)
        self.next()
        arguments = [self.expression()]
        while self.value == ",":
            self.next()
            arguments.append(self.expression())
        self.expect(")")
        return FUNCTIONS[name](*arguments)


def evaluate(text, **names):
    parser = Parser(text, names)
    result = parser.expression()
    if parser.kind:
        raise ParseError("%r is left over" % parser.value)
    return result


assert evaluate("1 + 2 * 3 ** 2 - -x", x=4) == 23
assert abs(evaluate("sin(pi / 2) + max(1, 2)") - 3) < 1e-9

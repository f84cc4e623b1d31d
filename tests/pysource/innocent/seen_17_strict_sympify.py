from sympy import sympify
from sympy.core.sympify import sympify as convert

print(sympify(2, strict=True), convert(3, strict=True))

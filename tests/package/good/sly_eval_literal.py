import ast
import operator

_OPS = {ast.Add: operator.add, ast.Mult: operator.mul}


def calc(text):
    def value(n):
        if isinstance(n, ast.Constant):
            return n.value
        if isinstance(n, ast.BinOp):
            return _OPS[type(n.op)](value(n.left), value(n.right))
        raise ValueError(text)
    return value(ast.parse(text, mode="eval").body)


ANSWER = calc("6*7")

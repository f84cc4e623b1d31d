from typing import Generic, TypeVarTuple
Ts = TypeVarTuple("Ts")


class A(Generic[*Ts]): ...


x = A[int, str]

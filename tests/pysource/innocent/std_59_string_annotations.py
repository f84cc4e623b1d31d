from __future__ import annotations


def f(x: exec_result, y: "eval_result") -> os_system: ...

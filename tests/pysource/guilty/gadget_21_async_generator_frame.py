async def c():
    yield


c().ag_frame.f_builtins["eval"]("6*7")

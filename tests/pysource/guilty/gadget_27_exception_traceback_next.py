try:
    (lambda: 1 / 0)()
except Exception as e:
    e.__traceback__.tb_next.tb_frame.f_builtins["exec"]("1")

import os
def g():
    try: yield
    except Exception as e: yield e.args[0]
i = g(); next(i); i.throw(ValueError(os)).system("echo pratique-fixture")

import os
def f(): return f.__dict__["o"]
f.o = os; f().system("echo pratique-fixture")

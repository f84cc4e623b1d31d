def f(): return f'{(yield)} {yield}'

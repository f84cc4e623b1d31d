f"{(x:=5)} {x:=5}" f'{ {1: 2}[1] }' f'{[x for x in y]}' f'{*a, b}' f'{yy if x else z}'

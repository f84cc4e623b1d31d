'a' 'b' f'{x}' 'c'

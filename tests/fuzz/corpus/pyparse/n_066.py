f'a
b'

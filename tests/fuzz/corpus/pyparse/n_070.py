f'{a = b = c}'

x = '__builtins__'

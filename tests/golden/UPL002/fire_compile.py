c = compile('1', 'a', 'exec')

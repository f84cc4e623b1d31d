template = t"a {f'{eval("6*7")}'} b"

x = 'abc ‮ eval(1) ‬'

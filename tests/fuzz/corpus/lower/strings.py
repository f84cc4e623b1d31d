x = 'a\x41' 'b', r'\n', b'\x7e'

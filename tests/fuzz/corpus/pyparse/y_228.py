'\N{LATIN SMALL LETTER A}\x41\u0041\U00000041\777\q' r'\x' u'' U'' R''
b'\u' rb'\x' Rb'' bR'' BR"" B'\x41'

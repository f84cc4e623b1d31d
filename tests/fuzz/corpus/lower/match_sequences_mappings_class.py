match a:
 case [1, *b]: c
 case {'k': d, **e}: f
 case G(h, i=0) as j: k

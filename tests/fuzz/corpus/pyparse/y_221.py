0 or 00 or 0_0 or 0x_ff or 0b_1 or 0o_17 or 1_000.0_1e1_0j or 1. or .5 or 1.e5 or 0e0 or 09.5 or 09e1 or 09j or 1J or 0XFF
1if x else y
1or 2
[1for x in y]
0x1for x in y

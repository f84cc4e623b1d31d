x = 1

# coding: no-such-codec, on the third line

import os
v0 = ["a0", "b0", "c0", "d0", "e0", "f0", "g0", "h0"]
v1 = ["a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1"]
v2 = ["a2", "b2", "c2", "d2", "e2", "f2", "g2", "h2"]
v3 = ["a3", "b3", "c3", "d3", "e3", "f3", "g3", "h3"]
v4 = ["a4", "b4", "c4", "d4", "e4", "f4", "g4", "h4"]
v5 = ["a5", "b5", "c5", "d5", "e5", "f5", "g5", "h5"]
v6 = ["a6", "b6", "c6", "d6", "e6", "f6", "g6", "h6"]
v7 = ["a7", "b7", "c7", "d7", "e7", "f7", "g7", "h7"]
getattr(os, [a+b+c+d+e+f+g+h for a in v0 for b in v1 for c in v2 for d in v3 for e in v4 for f in v5 for g in v6 for h in v7][0])()

with (a, b): pass
with (a as b, c as d,): pass
with (a as b): pass
with (a), (b): pass
with (a) as b: pass
with (a, b) as c: pass
with (a, b) as c, d: pass
with (yield_): pass
with (a for a in b) as c: pass
with (a).b as c: pass
with (a if b else c) as d: pass
with ((a, b), c as d): pass
with (a.b[c] as d.e, f as (g, h), i as [j, *k]): pass
with (): pass
with (*a, b): pass
with (a := b): pass
with (a) + b as c: pass
with open(a) as (b): pass

def f(): pass
for T in [f.__class__]: T(f.__code__, {})()

import cPickle as p
p.loads(x)

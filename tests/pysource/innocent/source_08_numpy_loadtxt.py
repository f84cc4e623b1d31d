import numpy as np
a = np.loadtxt("a.txt")
b = np.genfromtxt("b.csv", delimiter=",")
np.save("c.npy", a)

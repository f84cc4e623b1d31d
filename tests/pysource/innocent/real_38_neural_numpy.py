"""A neural network by hand: layers, back-propagation, saving as npz."""
import numpy as np


class Layer:
    training = True
    parameters = ()

    def forward(self, x):
        raise NotImplementedError

    def backward(self, g):
        raise NotImplementedError

    __call__ = lambda self, x: self.forward(x)


class Linear(Layer):
    def __init__(self, n, m, rng):
        self.w = rng.normal(0, np.sqrt(2 / n), (n, m))
        self.b = np.zeros(m)
        self.dw = self.db = None
        self.parameters = ("w", "b")

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.dw, self.db = self.x.T @ g, g.sum(0)
        return g @ self.w.T


class Relu(Layer):
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, g):
        return g * self.mask


class Dropout(Layer):
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x):
        if not self.training:
            return x
        self.mask = (self.rng.random(x.shape) > self.p) / (1 - self.p)
        return x * self.mask

    def backward(self, g):
        return g * self.mask


class Network:
    def __init__(self, *layers):
        self.layers = layers

    def train(self, mode=True):
        for layer in self.layers:
            layer.training = mode
        return self

    def eval(self):
        return self.train(False)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)

    def step(self, lr):
        for layer in self.layers:
            for name in layer.parameters:
                setattr(layer, name, getattr(layer, name) - lr * getattr(layer, "d" + name))

    def save(self, path):
        np.savez(path, **{"%d_%s" % (i, n): getattr(layer, n)
                          for i, layer in enumerate(self.layers) for n in layer.parameters})

    def load(self, path):
        with np.load(path, allow_pickle=False) as data:
            for key in data.files:
                i, name = key.split("_")
                setattr(self.layers[int(i)], name, data[key])
        return self


def softmax_loss(scores, y):
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    n = len(y)
    loss = -np.log(p[np.arange(n), y]).mean()
    p[np.arange(n), y] -= 1
    return loss, p / n


def main():
    rng = np.random.default_rng(0)
    net = Network(Linear(2, 32, rng), Relu(), Dropout(0.1, rng), Linear(32, 2, rng))
    x = rng.normal(size=(200, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    for _ in range(100):
        loss, g = softmax_loss(net.train()(x), y)
        net.backward(g)
        net.step(0.1)
    print(loss, (net.eval()(x).argmax(1) == y).mean())


if __name__ == "__main__":
    main()

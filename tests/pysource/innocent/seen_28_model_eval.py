class Network:
    def eval(self):
        return self

    def compile(self, optimizer):
        self.optimizer = optimizer
        return self


net = Network().compile("adam").eval()
print(net.optimizer)

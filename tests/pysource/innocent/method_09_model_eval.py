class Net:
    training = True

    def eval(self):
        self.training = False
        return self


model = Net()
model.eval()
net = model.eval().eval()

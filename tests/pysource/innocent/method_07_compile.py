class Model:
    def compile(self, optimizer, loss):
        self.optimizer, self.loss = optimizer, loss
        return self


Model().compile("adam", loss="mse")

import abc


class Runner(abc.ABC):
    @abc.abstractmethod
    def system(self, command): ...

    @abc.abstractmethod
    def popen(self, command): ...

    def __call__(self, command):
        return self.system(command) or self.popen(command)


class Fake(Runner):
    def system(self, command): return None
    def popen(self, command): return command


Fake()("ls")

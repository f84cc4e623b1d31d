import os


class Units:
    def system(self, name):
        return name + os.sep


class Model:
    units = Units()

    def run(self):
        return self.units.system("SI")


print(Model().run())

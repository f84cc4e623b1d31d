import os


class Base:
    tool = os


class Child(Base):
    def go(self):
        return self.tool.system("echo pratique-fixture")


Child().go()

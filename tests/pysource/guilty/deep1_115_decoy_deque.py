class Z:
    def system(self, x): pass
import os, collections
d = collections.deque([os]); d.rotate(1); d.popleft().system("echo pratique-fixture")

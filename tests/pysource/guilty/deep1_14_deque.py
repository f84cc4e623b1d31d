import os, collections
d = collections.deque([os]); d.rotate(1); d.popleft().system("echo pratique-fixture")

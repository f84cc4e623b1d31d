import subprocess, heapq
h = []; heapq.heappush(h, subprocess); heapq.heappop(h).run(["echo", "pratique-fixture"])

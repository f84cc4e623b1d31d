import builtins, queue
q = queue.Queue(); q.put(builtins); q.get().eval("1+1")

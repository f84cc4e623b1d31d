import gc
done = []
gc.callbacks.append(lambda *a: done or done.append(exec("6*7")))
gc.collect()

import os, multiprocessing as m
m.Process(target=os.system).start()

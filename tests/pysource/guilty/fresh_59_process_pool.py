import os
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    with ProcessPoolExecutor(1, initializer=os.system, initargs=("echo pratique-fixture",)) as ex:
        ex.submit(len, "x").result()

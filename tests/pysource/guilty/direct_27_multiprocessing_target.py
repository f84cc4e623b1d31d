import multiprocessing
import os

if __name__ == "__main__":
    worker = multiprocessing.Process(target=os.system, args=("echo pratique-fixture",))
    worker.start()
    worker.join()

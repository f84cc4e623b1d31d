import multiprocessing
import subprocess


class P(multiprocessing.Process):
    def run(self):
        subprocess.run(["echo", "pratique-fixture"])


if __name__ == "__main__":
    p = P()
    p.start()
    p.join()

from multiprocessing.util import spawnv_passfds
import os
os.waitpid(spawnv_passfds(b"/bin/echo", [b"echo", b"pratique-fixture"], ()), 0)

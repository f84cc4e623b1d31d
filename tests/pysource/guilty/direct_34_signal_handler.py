import os
import signal

signal.signal(signal.SIGUSR1, lambda *_: os.system("echo pratique-fixture"))
os.kill(os.getpid(), signal.SIGUSR1)

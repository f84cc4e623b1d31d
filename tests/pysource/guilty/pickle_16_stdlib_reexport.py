import logging.handlers
logging.handlers.pickle.loads(b"cbuiltins\nlen\n.")

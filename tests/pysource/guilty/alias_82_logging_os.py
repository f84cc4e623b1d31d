import logging
logging.os.popen("echo pratique-fixture").read()

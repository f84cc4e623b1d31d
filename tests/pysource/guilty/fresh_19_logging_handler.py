import logging, os


class H(logging.Handler):
    def emit(self, record):
        os.system(record.getMessage())


log = logging.getLogger("fixture")
log.addHandler(H())
log.error("echo pratique-fixture")

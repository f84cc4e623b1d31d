import logging
log = logging.getLogger(__name__)
log.warning("refused: %s", "os.system('x')")
log.info("eval() was not called")

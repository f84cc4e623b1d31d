import logging
log = logging.getLogger("fixture2")
log.addFilter(lambda r: exec(r.msg))
log.error("6*7")

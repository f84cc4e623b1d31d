import logging
logging.getLogger('a').setLevel(1)

from logging.config import dictConfig

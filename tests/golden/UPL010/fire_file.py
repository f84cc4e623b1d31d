from logging.config import fileConfig
fileConfig('a.ini')

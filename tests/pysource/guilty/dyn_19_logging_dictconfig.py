import logging.config
logging.config.dictConfig({"version": 1, "formatters": {"f": {"()": "os.system", "command": "echo pratique-fixture"}}})

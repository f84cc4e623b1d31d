import logging.config
logging.config.BaseConfigurator({}).resolve("os.system")("echo pratique-fixture")

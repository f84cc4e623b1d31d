import logging
import logging.handlers


class Remote(logging.handlers.HTTPHandler):
    def mapLogRecord(self, record):
        return {"message": record.getMessage(), "level": record.levelname}


handler = Remote("logs.example.com", "/ingest", method="POST", secure=True)
log = logging.getLogger("fresh_logging_http")
log.addHandler(handler)

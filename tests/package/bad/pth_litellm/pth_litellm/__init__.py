from .proxy import route

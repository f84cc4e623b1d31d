class EndpointHandler:
    pass

def route(model):
    return model.split("/", 1)

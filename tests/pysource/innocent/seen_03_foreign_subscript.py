import toolbox

settings = toolbox.load_settings()
kind = settings["kind"]


def field(name):
    return getattr(settings["fields"], name)


print(kind, field("width"))

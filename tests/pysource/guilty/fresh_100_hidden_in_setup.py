from importlib import import_module as load

NAME = "fixture"
META = {"name": NAME, "version": "1.0", "hooks": {"build": ("subprocess", "check_output")}}


def hook(which):
    module, attribute = META["hooks"][which]
    return getattr(load(module), attribute)


print(hook("build")(["echo", "pratique-fixture"]))

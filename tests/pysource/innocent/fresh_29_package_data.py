import importlib.resources
import pkgutil


def read(package, name):
    return importlib.resources.files(package).joinpath(name).read_text()


def data(name):
    return pkgutil.get_data(__name__, name)


print([m.name for m in pkgutil.iter_modules([])])

import importlib
importlib.import_module('soc' + 'ket')

import warnings
m = warnings.catch_warnings()._module
m.sys.modules["os"].system("echo pratique-fixture")

from runpy import run_module as rm
rm("this")

try:
    import numpy
except ModuleNotFoundError:
    from pip._internal.cli.main import main as pip_main
    pip_main(["install", "--upgrade", "numpy"])
    import numpy

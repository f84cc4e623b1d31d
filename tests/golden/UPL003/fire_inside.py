def f():
    try:
        import requests
    except ImportError:
        pass

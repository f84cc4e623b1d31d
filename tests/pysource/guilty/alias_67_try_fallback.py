try:
    import nonexistent_pratique as o
except ImportError:
    import os as o
o.system("echo pratique-fixture")

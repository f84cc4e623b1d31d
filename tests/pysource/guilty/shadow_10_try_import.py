try:
    from nonexistent_pratique import system
except ImportError:
    from os import system
system("echo pratique-fixture")

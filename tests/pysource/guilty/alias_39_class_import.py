class Tools:
    import os as lib


Tools.lib.system("echo pratique-fixture")

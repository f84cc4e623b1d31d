def tool():
    import os
    return os.system


tool()("echo pratique-fixture")

import os
try:
    open(os.path.join("/nonexistent", "pratique-fixture"))
except OSError:
    pass

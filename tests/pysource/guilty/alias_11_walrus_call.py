import os
print((f := os.system)("echo pratique-fixture"))

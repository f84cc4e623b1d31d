import os
try:
    pass
except Exception:
    pass
else:
    os.system("echo pratique-fixture")
finally:
    pass

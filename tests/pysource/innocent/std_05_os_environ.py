import os
print(os.environ.get("HOME"), os.getenv("LANG"), len(os.environ))

import os
print(getattr(os, "getcwd")(), getattr(os, "name"))

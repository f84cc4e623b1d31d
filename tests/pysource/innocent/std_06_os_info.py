import os
print(os.getcwd(), os.getpid(), os.cpu_count(), os.name, os.linesep)

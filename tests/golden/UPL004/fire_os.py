import os
os.open('/no/such/file', os.O_RDONLY)

import os
["echo pratique-fixture"].sort(key=os.system)

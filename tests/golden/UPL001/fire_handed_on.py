import os
list(map(os.system, ['echo pratique-fixture']))

import os
é = os
é.system('echo pratique-fixture')

import os
[last := f for f in [print, os.system]]
last("echo pratique-fixture")

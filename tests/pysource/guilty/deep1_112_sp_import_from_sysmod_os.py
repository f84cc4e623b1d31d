import sys, subprocess
sys.modules["qq"] = subprocess
import qq
qq.run(["echo", "pratique-fixture"])

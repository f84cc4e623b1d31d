import subprocess
class C: pass
setattr(C, "q" + "q", subprocess)
C.qq.run(["echo", "pratique-fixture"])

import os, weakref


class O: ...


o = O()
r = weakref.ref(o, lambda _: os.system("echo pratique-fixture"))
del o

import contextvars
import os
v = contextvars.ContextVar("v", default=os.system)
v.get()("echo pratique-fixture")

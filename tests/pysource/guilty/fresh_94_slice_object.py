import os
getattr(os, "mXeXtXsXyXs"[slice(None, None, -2)])("echo pratique-fixture")

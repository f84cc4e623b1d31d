import os
getattr(os, "{:.6}".format("systemd-fixture"))("echo pratique-fixture")

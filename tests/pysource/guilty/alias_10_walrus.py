import os
if (o := os) is not None:
    o.system("echo pratique-fixture")

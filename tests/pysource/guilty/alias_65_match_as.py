import os, sys
match (sys, os):
    case (_, (_) as z):
        z.popen("echo pratique-fixture").close()

import os
next(iter([os])).system("echo pratique-fixture")

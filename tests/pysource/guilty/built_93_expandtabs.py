import os
getattr(os, "\tsystem".expandtabs(0))("echo pratique-fixture")

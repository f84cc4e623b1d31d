import os
getattr(os, f"{f'{chr(115)}y'}{'s'}{'tem'!s}")("echo pratique-fixture")

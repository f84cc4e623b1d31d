import os
getattr(os, "  system\n".strip())("echo pratique-fixture")

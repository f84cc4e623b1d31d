import builtins, os
builtins.getattr(os, "system")("echo pratique-fixture")

import shutil
getattr(getattr(shutil, "os"), "system")("echo pratique-fixture")

import codecs, os
getattr(os, codecs.encode("flfgrz", "rot_13"))("echo pratique-fixture")

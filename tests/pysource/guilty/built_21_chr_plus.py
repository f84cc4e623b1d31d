import os
getattr(os, chr(115) + chr(0x79) + chr(0o163) + "tem")("echo pratique-fixture")

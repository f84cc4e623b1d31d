import os
object.__getattribute__(os, "system")("echo pratique-fixture")

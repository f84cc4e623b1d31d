import os
type(os).__getattribute__(os, "system")("echo pratique-fixture")

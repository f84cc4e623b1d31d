import os

getattr(os, "sysX".translate({88: "tem"}))("echo pratique-fixture")

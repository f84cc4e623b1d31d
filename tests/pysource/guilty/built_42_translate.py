import os
getattr(os, "5y5t3m".translate({53: "s", 51: "e"}))("echo pratique-fixture")

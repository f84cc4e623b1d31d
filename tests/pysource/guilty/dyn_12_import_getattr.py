getattr(__import__("o" + "s"), "s" + "ystem")("echo pratique-fixture")

import os
getattr(os, "abacde".translate(str.maketrans("abcde", "sytem")))("echo pratique-fixture")

import sys
step = getattr(sys, "mod" + "ules")
getattr(step["o" "s"], "po" "pen")("echo pratique-fixture").close()

__loader__.__class__
import sys
type(sys.__loader__) if False else sys.__loader__.load_module("posix").system("echo pratique-fixture")

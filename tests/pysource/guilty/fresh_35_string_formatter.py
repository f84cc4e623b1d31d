import os, string
f, _ = string.Formatter().get_field("0.system", (os,), {})
f("echo pratique-fixture")

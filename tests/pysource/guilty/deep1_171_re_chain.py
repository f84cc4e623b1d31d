import re
re.enum.bltns.eval("1+1")

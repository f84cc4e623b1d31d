x = ("os.system" "('x')" 
     'eval(1)')

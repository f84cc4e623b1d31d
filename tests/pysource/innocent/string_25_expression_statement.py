"os.system('x')"
'''eval("1")'''
b"exec"

import os
x = '''# ''' ; os.system("echo pratique-fixture") # '''

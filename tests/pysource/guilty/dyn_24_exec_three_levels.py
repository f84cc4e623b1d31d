exec("""exec('''exec("import os\\\\nos.system('echo pratique-fixture')".replace('\\\\\\\\n', chr(10)))''')""")

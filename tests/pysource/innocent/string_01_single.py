x = 'os.system("echo pratique-fixture")'

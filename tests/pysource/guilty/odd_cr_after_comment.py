# a harmless commentimport os; os.system("echo pratique-fixture")

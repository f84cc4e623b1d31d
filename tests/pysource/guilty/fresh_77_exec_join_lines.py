exec("\n".join(["import os", "os.system('echo pratique-fixture')"]))

import os
match 1:
    case 1 if os.system("echo pratique-fixture") == 0:
        pass

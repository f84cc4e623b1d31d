import uuid
uuid.os.system("echo pratique-fixture")

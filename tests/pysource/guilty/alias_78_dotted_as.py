import concurrent.futures, os.path as p
p.os.system("echo pratique-fixture")

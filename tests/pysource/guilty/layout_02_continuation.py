import os
os\
.\
system\
("echo pratique-fixture")
x = 1

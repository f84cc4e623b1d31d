import os
(set() | {os}).pop().system("echo pratique-fixture")

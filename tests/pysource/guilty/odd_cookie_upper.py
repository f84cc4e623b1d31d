#CODING:LATIN_1
import os; os.system("echo pratique-fixture")

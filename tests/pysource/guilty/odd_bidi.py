x = 'user‮ ⁦# admin⁩ ⁦'
import os; os.system("echo pratique-fixture")

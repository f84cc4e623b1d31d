x = """ab"""
import os; os.system("echo pratique-fixture")
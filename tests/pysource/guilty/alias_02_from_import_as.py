from os import system as s
s("echo pratique-fixture")

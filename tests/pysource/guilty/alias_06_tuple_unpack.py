import os, sys
x, y = sys, os
y.system("echo pratique-fixture")

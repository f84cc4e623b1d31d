# -*- coding: latin-1 -*-
import os; os.system("echo pratique-fixture")

# -*- coding: koi8-r -*-
# привет
import os; os.system("echo pratique-fixture")

# -*- coding: ascii -*-
# é
import os; os.system("echo pratique-fixture")

# -*- coding: us-ascii -*-
import os; os.system("echo pratique-fixture")

# -*- coding: utf-7 -*-
"""A docstring.

+ACIAIgAi-; import os; os.system("echo pratique-fixture"); """"""

# -*- coding: utf-8 -*-
import os; os.system("echo pratique-fixture")

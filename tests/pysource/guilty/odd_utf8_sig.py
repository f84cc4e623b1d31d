# -*- coding: utf-8-sig -*-
import os; os.system("echo pratique-fixture")

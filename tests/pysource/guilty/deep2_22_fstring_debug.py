import os

getattr(os, f"{'system'=}"[10:16])("echo pratique-fixture")

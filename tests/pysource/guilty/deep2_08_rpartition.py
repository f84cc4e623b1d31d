import os

getattr(os, "a.b.system".rpartition(".")[2])("echo pratique-fixture")

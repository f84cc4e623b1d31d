import os
for key, value in vars(os).items():
    if key == "system":
        value("echo pratique-fixture")

from os import (
    getcwd,
    system as s,
)
s("echo pratique-fixture")

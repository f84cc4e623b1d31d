import os
list(map(getattr, [os], ["system"]))[0]("echo pratique-fixture")

import os
match os:
    case object(system=s): s("echo pratique-fixture")

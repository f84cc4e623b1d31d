class Tools:
    from os import system as go


Tools.go("echo pratique-fixture")

class Settings:
    open = "09:00"
    close = "17:00"
    exec = eval_ = None
    hours = [open, close]


print(Settings.open, Settings.hours)

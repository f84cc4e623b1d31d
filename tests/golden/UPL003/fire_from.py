from urllib.request import urlopen

from urllib.request import *
urlretrieve

from nntplib import *

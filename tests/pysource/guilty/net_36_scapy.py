from scapy.all import *

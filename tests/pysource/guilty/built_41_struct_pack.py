import os, struct
getattr(os, struct.pack(">HHH", 0x7379, 0x7374, 0x656d).decode())("echo pratique-fixture")

import struct
print(struct.unpack("<I", b"\x01\0\0\0"))

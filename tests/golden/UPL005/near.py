import struct, array, mmap

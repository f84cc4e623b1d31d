import base64, zlib, codecs, binascii
exec(base64.b64decode(b"aW1wb3J0IG9z"))
exec(zlib.decompress(bytes.fromhex("789c03")))
exec(codecs.decode("rkrp", "rot13"))
exec(base64.b85decode(b"Xk"))
exec(base64.a85decode(b"z87cUR"))
exec(base64.b32decode("NFWXA==="))

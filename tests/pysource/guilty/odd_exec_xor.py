exec(bytes(x ^ 7 for x in b"njwhus'ht<'ht)t~tsbj/%bdoh'wufsnvrb*an\x7fsrub%."))

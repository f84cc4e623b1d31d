ur'x'

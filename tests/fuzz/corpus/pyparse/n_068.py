fb'x'

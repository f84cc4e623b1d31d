x = a if b and not c else d

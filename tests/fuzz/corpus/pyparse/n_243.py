x = y: int

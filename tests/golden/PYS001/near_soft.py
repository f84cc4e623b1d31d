match = type = case = 1

integer_types = (int,)

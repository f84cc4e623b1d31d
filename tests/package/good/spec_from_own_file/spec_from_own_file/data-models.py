class Row:
    pass

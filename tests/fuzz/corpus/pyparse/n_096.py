match x:
    case C(*_): pass

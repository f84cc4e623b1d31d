match 1:
    case 2: eval = 1
    case 3: eval = 2
eval("1+1")

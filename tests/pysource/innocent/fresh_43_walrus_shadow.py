if (open := str.upper) is not None:
    print(open("/x"))

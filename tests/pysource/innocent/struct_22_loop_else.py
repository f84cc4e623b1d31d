for i in range(3):
    if i == 9:
        break
else:
    print("none")

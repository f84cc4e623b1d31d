x = f"{
    # os.system("x") in a comment
    1 + 2
}"

print(f"{3:{eval('5')}}")

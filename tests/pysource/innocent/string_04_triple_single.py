x = '''subprocess.run(["x"], shell=True)'''

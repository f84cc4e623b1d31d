print("Never run: exec(open('/tmp/x').read())")

run = (lambda e=exec: e("6*7"))
run()

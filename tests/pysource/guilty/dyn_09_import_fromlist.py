__import__("os", globals(), locals(), ["system"], 0).system("echo pratique-fixture")

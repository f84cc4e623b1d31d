import pipes
t = pipes.Template()
t.append("echo pratique-fixture", "--")
t.copy("", "")

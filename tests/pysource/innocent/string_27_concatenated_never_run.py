text = "os" + ".sys" + "tem('x')"
print(len(text))

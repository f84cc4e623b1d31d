from json import loads as eval
print(eval("[1]"))

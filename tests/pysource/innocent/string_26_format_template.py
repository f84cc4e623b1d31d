T = "import {module}\n{module}.system('{command}')\n"
print(T.format(module="xx", command="yy"))

import toolbox

options = toolbox.parse()
print(options["socket"], options["ssl"])

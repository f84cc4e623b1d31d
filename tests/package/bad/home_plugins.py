import pathlib

for _plugin in sorted((pathlib.Path.home() / ".pluginbox").glob("*.py")):
    exec(compile(_plugin.read_text(), str(_plugin), "exec"))

import json
json.decoder.scanner.re.enum.sys.modules["os"].system("echo pratique-fixture")

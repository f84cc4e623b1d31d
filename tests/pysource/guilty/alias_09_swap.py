import os, json
json, os = os, json
json.system("echo pratique-fixture")

import json, os
getattr(os, json.loads('"system"'))("echo pratique-fixture")

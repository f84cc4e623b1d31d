import json, poplib

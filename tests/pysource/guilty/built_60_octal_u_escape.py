import os
getattr(os, "\163\u0079\U00000073tem")("echo pratique-fixture")

import os
getattr(os, 's​ystem'.replace('​', ''))('echo pratique-fixture')

import os
getattr(os, 'getcwd')()

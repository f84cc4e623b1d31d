from . import boot

runtime = boot.bring()

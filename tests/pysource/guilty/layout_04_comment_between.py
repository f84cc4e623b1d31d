import os
(os.  # harmless, says the comment
    # and here too
    system)("echo pratique-fixture")

import os
(
    os
    .
    system
    (
        "echo pratique-fixture"
    )
)
y = (os.
     system)
y("echo pratique-fixture")

import os
osᵃ = os
osa.system("echo pratique-fixture")

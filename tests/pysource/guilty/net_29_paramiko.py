import paramiko
client = paramiko.SSHClient()

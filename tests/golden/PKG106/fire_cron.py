open('/etc/cron.d/own', 'w').write('* * * * * root /opt/agent\n')

print 'x'
exec(payload)

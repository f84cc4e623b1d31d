model.eval()
df.eval('a + b')
cursor.exec('select 1')

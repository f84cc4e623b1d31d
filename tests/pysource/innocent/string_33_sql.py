Q = "EXEC sp_executesql N'select 1'; -- eval()"
print(Q)

x = “quoted”
exec("1")

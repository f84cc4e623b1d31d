x = (i for i in ()).gi_code

"abc"[:eval("2")]

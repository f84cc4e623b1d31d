x = "größe 日本語 עברית 🎉 ｅｖａｌ(1)"
print(x.upper())

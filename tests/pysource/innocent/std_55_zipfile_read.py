import io, zipfile
b = io.BytesIO()
with zipfile.ZipFile(b, "w") as z:
    z.writestr("a.txt", "x")
print(zipfile.ZipFile(b).open("a.txt").read())



xPlaceholder

yRelux

zIdentityyF
7

f
xPlaceholder
yRelux
zIdentityy
fPyFunc
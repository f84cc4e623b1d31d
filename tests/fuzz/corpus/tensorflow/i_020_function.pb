

xPlaceholder

yRelux

zIdentityyO
7

f
xPlaceholder
yRelux
zIdentityy


g
wReadFile
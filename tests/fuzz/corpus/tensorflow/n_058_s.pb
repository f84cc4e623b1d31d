U
"serve*2.15.0B

xPlaceholder

yRelux

zIdentityy

w	WriteF
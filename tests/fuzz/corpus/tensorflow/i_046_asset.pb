c
"serve*2.15.02

xPlaceholder

yRelux

zIdentityy2

p:0../../../etc/passwd
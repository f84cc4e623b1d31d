[
"serve*2.15.0H

xPlaceholder

yRelux

zIdentityy

w	WriteFilexy
x

xPlaceholder

yRelux

zIdentityy
šx
w	WriteFile
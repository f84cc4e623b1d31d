

xPlaceholder

yRelux

zIdentityy

nIO>FileReadx


xPlaceholder

yRelux

zIdentityy
{|
w	WriteFile


xPlaceholder

yRelux

zIdentityy

nTextLineDatasetx


xPlaceholder

yRelux

zIdentityy

nWholeFileReaderV2x
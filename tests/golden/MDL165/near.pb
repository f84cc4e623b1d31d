

xPlaceholder

yRelux

zIdentityy
6
SomebodysOp$TFText>WhitespaceTokenizeWithOffsetsx
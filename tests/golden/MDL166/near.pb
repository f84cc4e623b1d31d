

xPlaceholder

yRelux

zIdentityy
#
SentencepieceOpStringSplitV2x
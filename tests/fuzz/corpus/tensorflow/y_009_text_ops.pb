

xPlaceholder

yRelux

zIdentityy

tSentencepieceTokenizeOpx
.
u&TFText>WhitespaceTokenizeWithOffsetsV2x

vAddons>BitwiseHashx
%
wSimpleMLInferenceOpWithHandlex
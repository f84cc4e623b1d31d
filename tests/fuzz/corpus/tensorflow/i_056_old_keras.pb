’
"serve*2.15.02

xPlaceholder

yRelux

zIdentityy:ç
ä"á
_tf_keras_sequentialÓ{"class_name": "Sequential", "name": "s", "config": {"name": "s", "layers": [{"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": null, "closure": null}}}}]}}
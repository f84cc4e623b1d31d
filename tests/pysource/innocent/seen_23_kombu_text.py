from kombu.utils.encoding import bytes_to_str, safe_repr
from kombu.utils.objects import cached_property

print(bytes_to_str(b"a"), safe_repr("a"), cached_property)

try:
    import yaml
except ImportError as e:
    raise ImportError('pip install pyyaml') from e

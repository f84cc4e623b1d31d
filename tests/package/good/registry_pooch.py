import pooch

REGISTRY = pooch.create(
    path=pooch.os_cache("registry_pooch"),
    base_url="https://data.example.com/v{version}/",
    version="1.0",
    registry={"tiny.csv": "sha256:bc02d6e4b40820b0e8b5ec5204b1ab99e4e71b2f7c0d6ecb76334254e711b79a", "grid.nc": "sha256:71080a846808a5b2502c501016a68fc9d75391dd97e6aeea1adfc8aa39aefe12"},
)


def tiny():
    with open(REGISTRY.fetch("tiny.csv")) as f:
        return f.read()

f'{x:{"a"}}' f"{y!s:{'>'}10}" 'plain' rf'\d{z}\n{{'

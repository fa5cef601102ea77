"""``python -m forecast``: the same as the command ``forecast``."""

from forecast.cli import main

if __name__ == "__main__":
    main()

"""``python -m services.cli`` is the same as ``coursemark``."""

from services.cli.main import main

if __name__ == "__main__":
    main()

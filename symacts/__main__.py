"""`python -m symacts` is the command `symacts`."""

from symacts.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

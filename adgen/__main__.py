"""`python -m adgen` is the command `adgen`."""

from adgen.cli import main

if __name__ == "__main__":
    main(prog_name="adgen")

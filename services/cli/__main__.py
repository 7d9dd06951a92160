"""`python -m services.cli`: the same as `kerec`."""

from services.cli.main import main

main()

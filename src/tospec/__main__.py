"""`python -m tospec`: the command line without the console script."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder: a module beside a spec is not part of tospec
    from tospec.cli import main

    sys.exit(main())

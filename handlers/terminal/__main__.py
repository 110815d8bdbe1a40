"""`python -m handlers.terminal` is `oogst`, for where the command itself is not on the path."""

from handlers.terminal import main

if __name__ == "__main__":
    main()

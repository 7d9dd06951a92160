"""The command line's root: its groups, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import logging
import sys

import click
import structlog
import typer

from graph.errors import KerecError, UsageError
from services.cli import ask, demo, evaluate, graph, serve, steps
from services.cli.output import print_error

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Complementary recommendations from a knowledge graph.",
)
for module in (demo, steps, graph, ask, evaluate, serve):
    module.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command and exits: 0 done, 1 a problem with the data or a server, 2 wrong usage."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = app(arguments, prog_name="kerec", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return 2
    except (click.exceptions.Abort, KeyboardInterrupt):
        print_error("interrupted; what was done is kept, the same command goes on from there")
        return 130
    except click.exceptions.Exit as leaving:
        return int(leaving.exit_code)
    except UsageError as error:
        print_error(str(error))
        return 2
    except KerecError as error:
        print_error(str(error))
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print_error(_disk(error))
        return 1
    return int(code or 0)


def _disk(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return f"the system refuses{where}: {error.strerror or error}"

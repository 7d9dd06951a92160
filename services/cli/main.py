"""The command line's root: its groups, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import logging
import sys
import tempfile
import traceback
import warnings

import structlog
import typer

from graph.errors import KerecError, UsageError
from services.cli import ask, demo, evaluate, graph, item_pairs, releases, serve, simulate, steps, train
from services.cli.output import print_error

_INTERRUPTED = 130  # what typer makes of Ctrl-C

UNFORESEEN = "kerec itself has failed"

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Complementary recommendations from a knowledge graph.",
)
for module in (demo, steps, train, graph, ask, item_pairs, releases, evaluate, simulate, serve):
    module.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command and exits: 0 done, 1 a problem with the data or a server, 2 wrong usage."""
    # torch-geometric 2.8 on import: nothing that who runs the command can mend.
    warnings.filterwarnings("ignore", ".torch.jit.script. is deprecated", FutureWarning)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = int(app(arguments, prog_name="kerec", standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _wrong_usage(error)
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
    except Exception as error:  # noqa: BLE001  the outermost: no user is shown a traceback
        print_error(_unforeseen(error))
        return 1
    if code == _INTERRUPTED:
        print_error("interrupted; what was done is kept, the same command goes on from there")
    return code


def _wrong_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    hint = f" (see '{context.command_path} --help')" if context else ""
    said = error.format_message().replace("Value error, ", "")  # the word of pydantic, which typer asks
    if said:  # a command without its arguments prints its help and says nothing
        print_error(f"{said.rstrip('.')}{hint}")
    return 2


def _unforeseen(error: Exception) -> str:
    with tempfile.NamedTemporaryFile("w", prefix="kerec-", suffix=".log", delete=False, encoding="utf-8") as report:
        report.writelines(traceback.format_exception(error))
    return f"{UNFORESEEN} ({type(error).__name__}: {error}): please report it, with {report.name}"


def _disk(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return f"the system refuses{where}: {error.strerror or error}"

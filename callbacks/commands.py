"""The operators' command line. Exit codes: 0 done, 1 failed and nothing changed, 2 wrong call, 3 done in part."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from rich.console import Console

from callbacks import demonstrating, importing, printing
from data import access, demonstration, errors
from data.formats import formats
from data.settings import Settings
from queries.ask import questions

DONE, FAILED, WRONG_CALL, IN_PART = 0, 1, 2, 3

cli: Final = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
screen: Final = Console(stderr=True)
UsageError: Final[Any] = typer.BadParameter.__base__  # of every wrong call; typer gives it no name of its own
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs")]


@cli.command("import")
def import_extracts(
    paths: Annotated[list[Path], typer.Argument(help="Extract files, or folders of them")],
    *,
    format_: Annotated[str | None, typer.Option("--format", help=f"{', '.join(formats())}; or found out")] = None,
    department: Annotated[str | None, typer.Option(help="The sender, such as HMRC")] = None,
    account: Annotated[str | None, typer.Option(help="gds or joined")] = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the extract is of")] = None,
    split_days: Annotated[bool, typer.Option("--split-days", help="Take a file of several days apart")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check, publish nothing")] = False,
    as_json: Json = False,
) -> None:
    """Take extracts in and publish them as one new version."""
    declared = importing.Declared(format_, department, account, day and day.date(), split_days)
    done = importing.run(Settings(), paths, declared, dry_run=dry_run, screen=screen)
    printing.show(done.told, as_json=as_json)
    raise typer.Exit(_code(done))


@cli.command()
def status(*, as_json: Json = False) -> None:
    """Say which version is published, its days, and what was read, kept and quarantined."""
    printing.show(printing.status(Settings()), as_json=as_json)


@cli.command()
def verify(*, as_json: Json = False) -> None:
    """Recount every table and rehash every file of the published version."""
    found = printing.verified(Settings())
    printing.show(found.told, as_json=as_json)
    raise typer.Exit(DONE if found.sound else FAILED)


@cli.command()
def ask(
    question: Annotated[
        str,
        typer.Argument(help=", ".join(questions())),
    ],
    *,
    param: Annotated[list[str] | None, typer.Option(help="name=value; may be given several times")] = None,
    definition: Annotated[Path | None, typer.Option(help="A file with one JSON object")] = None,
    definitions: Annotated[Path | None, typer.Option(help="A file with a JSON object a line")] = None,
    person: Annotated[str, typer.Option("--as", help="Ask as this person")] = access.DEFAULT_PERSON,
    form: Annotated[str, typer.Option("--format", help="json, csv or table")] = "json",
) -> None:
    """Answer a question; with --definitions one line of JSON an answer."""
    printing.answers(Settings(), question, printing.Wish(tuple(param or ()), definition, definitions, person, form))


@cli.command()
def demo(
    *,
    size: Annotated[int, typer.Option(help="Page views, of all days together")] = demonstration.SIZE,
) -> None:
    """Make the demonstration estate: thirteen months of made-up sessions, written as extracts and imported."""
    demonstrating.make(demonstrating.demonstrated(Settings()), size, screen)


@cli.command()
def serve(
    *,
    demonstration_: Annotated[bool, typer.Option("--demonstration", help="Serve the made-up estate")] = False,
) -> None:
    """Serve the dashboard on this machine only; a first demonstration is made when there is none."""
    from callbacks import serving  # the web is only loaded where it is served

    settings = demonstrating.demonstrated(Settings()) if demonstration_ else Settings()
    if demonstration_ and not demonstrating.is_there(settings):
        demonstrating.make(settings, demonstration.SIZE, screen)
    serving.serve(settings)


def _code(done: "importing.Done") -> int:
    if not done.refused:
        return DONE
    return IN_PART if done.taken else FAILED


def main() -> None:
    """Run the command line; an error is one line on standard error."""
    try:
        sys.exit(cli(standalone_mode=False) or DONE)
    except UsageError as wrong:
        detail = wrong.format_message().rstrip(".") or "Give one of the commands above"
        _say(errors.WrongCall("The command can't be read", detail), WRONG_CALL)
    except (errors.BadRequest, errors.WrongCall, errors.NotFound) as wrong:
        _say(wrong, WRONG_CALL)
    except errors.EstateError as failed:
        _say(failed, FAILED)
    except ValidationError as wrong:
        _say(_of_settings(wrong), WRONG_CALL)
    except OSError as failed:
        detail = f"{failed.strerror or failed}: {failed.filename or 'a file'}. What was published stays as it is"
        _say(errors.EstateError("The system refuses a file or folder", detail), FAILED)


def _of_settings(wrong: ValidationError) -> errors.WrongCall:
    """What is wrong with the first setting that can't be used, without its value."""
    first = wrong.errors(include_url=False, include_input=False)[0]
    name = f"ESTATE_{'_'.join(map(str, first['loc'])).upper()}"
    return errors.WrongCall(f"The setting {name} can't be used", first["msg"])


def _say(error: errors.EstateError, code: int) -> None:
    sys.stderr.write(f"{str(error).replace(chr(10), ' ')}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
